import { randomUUID } from 'node:crypto';
import { type Clock, createAlarm } from '../clock.ts';
import type { Iam } from '../iam/iam.ts';
import { openJournal } from '../journal.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Template } from '../template/template.ts';
import { createDueQueue } from './due-queue.ts';
import { type Rule, readRules, type Target } from './rules.ts';
import type { MessageAttribute, Queues } from './sqs.ts';

/** An event as rules see it. */
export type BusEvent = {
  readonly id: string;
  readonly time: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources: readonly string[];
};

type Delivery = {
  readonly ruleArn: string;
  readonly target: number;
  readonly event: string;
  readonly firstAt: number;
  readonly dueAt: number;
  readonly attempts: number;
};

/** Buses, rules and schedules. */
export type EventBridge = {
  hasBus(name: string): boolean;
  /** Delivers an event to the targets of every rule that matches. */
  put(bus: string, event: BusEvent): void;
  /** Fires every schedule that is due in the minute of an instant. Answers how many fired. */
  tick(nowMs: number): number;
  readonly busy: boolean;
  stop(): void;
};

export type EventBridgeOptions = {
  readonly template: Template;
  readonly queues: Queues;
  readonly iam: Iam;
  readonly clock: Clock;
  readonly path: string;
  readonly invokeLater: (functionArn: string, payload: string) => void;
  /** Whether the next delivery shall fail in a way worth a retry (injected). */
  readonly fails: () => boolean;
  readonly onLost: (what: string) => void;
};

const FIRST_RETRY_MS = 1_000;

/** Reads the rules and takes up the deliveries that an earlier run left. */
export function createEventBridge(options: EventBridgeOptions): EventBridge {
  const { template, queues, iam, clock, invokeLater, fails, onLost } = options;
  const rules = readRules(template);
  const buses = new Set(['default', ...template.of('AWS::Events::EventBus').map((bus) => bus.attribute('Name'))]);
  const stored = openJournal<Delivery>(options.path);
  const due = createDueQueue();
  const alarm = createAlarm(clock, retry);
  for (const [id, { dueAt }] of stored.entries()) due.add(id, dueAt);

  const envelope = ({ id, time, source, detailType, detail, resources }: BusEvent): JsonObject => ({
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account: template.locality.accountId,
    time,
    region: template.locality.region,
    resources,
    detail,
  });

  const deliver = (rule: Rule, event: JsonObject) => {
    for (const [index, target] of rule.targets.entries()) {
      const body = target.input ?? JSON.stringify(target.inputPath === null ? event : pick(event, target.inputPath));
      attempt(null, { ruleArn: rule.arn, target: index, event: body, firstAt: clock.now(), dueAt: clock.now(), attempts: 0 });
    }
  };

  /** Hands an event to its target. Only what may pass by itself is tried again; a missing permission is final. */
  function attempt(id: string | null, delivery: Delivery): void {
    const rule = rules.find(({ arn }) => arn === delivery.ruleArn);
    const target = rule?.targets[delivery.target];
    if (rule === undefined || target === undefined) {
      if (id !== null) stored.remove(id);
      onLost(`A delivery of ${delivery.ruleArn}, which is no longer in the templates`);
      return;
    }
    const caller = { kind: 'service', service: 'events.amazonaws.com', sourceArn: rule.arn } as const;
    if (fails()) {
      postpone(id, delivery, rule, target);
      return;
    }
    const isFunction = target.arn.includes(':lambda:');
    const action = isFunction ? 'lambda:InvokeFunction' : 'sqs:SendMessage';
    if (!iam.allows(caller, { action, resource: target.arn }))
      giveUp(rule, target, delivery, 'NO_PERMISSIONS', `events.amazonaws.com may not ${action}`);
    else if (isFunction) invokeLater(target.arn, delivery.event);
    else queues.byArn(target.arn)!.send(delivery.event);
    if (id !== null) stored.remove(id);
  }

  function postpone(id: string | null, delivery: Delivery, rule: Rule, target: Target): void {
    const now = clock.now();
    const key = id ?? randomUUID();
    if (delivery.attempts >= target.retries || now - delivery.firstAt >= target.maximumAgeMs) {
      if (id !== null) stored.remove(id);
      giveUp(
        rule,
        target,
        delivery,
        'SDK_CLIENT_ERROR',
        'Injected failure',
        delivery.attempts >= target.retries ? 'MaximumRetryAttempts' : 'MaximumEventAgeInSeconds',
      );
      return;
    }
    const next = {
      ...delivery,
      attempts: delivery.attempts + 1,
      dueAt: now + FIRST_RETRY_MS * 2 ** Math.min(delivery.attempts, 8),
    };
    stored.put(key, next);
    due.add(key, next.dueAt);
    alarm.at(next.dueAt);
  }

  function giveUp(rule: Rule, target: Target, delivery: Delivery, code: string, message: string, exhausted?: string): void {
    const queue = target.deadLetterArn === null ? undefined : queues.byArn(target.deadLetterArn);
    const caller = { kind: 'service', service: 'events.amazonaws.com', sourceArn: rule.arn } as const;
    if (queue === undefined || !iam.allows(caller, { action: 'sqs:SendMessage', resource: queue.definition.arn })) {
      onLost(`Rule ${rule.name}: an event was not delivered (${message}) and has no dead-letter queue that takes it`);
      return;
    }
    const text = (StringValue: string): MessageAttribute => ({ DataType: 'String', StringValue });
    queue.send(delivery.event, {
      attributes: {
        RULE_ARN: text(rule.arn),
        TARGET_ARN: text(target.arn),
        ERROR_CODE: text(code),
        ERROR_MESSAGE: text(message),
        RETRY_ATTEMPTS: text(String(delivery.attempts)),
        ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
      },
    });
  }

  function retry(): void {
    for (let next = due.take(clock.now()); next !== undefined; next = due.take(clock.now())) {
      const delivery = stored.get(next.key);
      if (delivery !== undefined) attempt(next.key, delivery);
    }
    if (due.next !== Number.POSITIVE_INFINITY) alarm.at(due.next);
  }
  retry();

  return {
    hasBus: (name) => buses.has(name),
    put: (bus, event) => {
      const whole = envelope(event);
      for (const rule of rules) if (rule.bus === bus && rule.matches?.(whole)) deliver(rule, whole);
    },
    tick: (nowMs) => {
      const minuteMs = nowMs - (nowMs % 60_000);
      const fired = rules.filter(({ schedule }) => schedule?.(minuteMs));
      const time = new Date(minuteMs).toISOString().replace('.000Z', 'Z');
      for (const rule of fired) {
        deliver(
          rule,
          envelope({
            id: randomUUID(),
            time,
            source: 'aws.events',
            detailType: 'Scheduled Event',
            detail: {},
            resources: [rule.arn],
          }),
        );
      }
      return fired.length;
    },
    get busy() {
      return due.next <= clock.now();
    },
    stop: () => {
      alarm.stop();
      stored.close();
    },
  };
}

function pick(event: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (isObject(value) ? value[key] : undefined), event);
}
