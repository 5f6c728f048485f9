import type { Engine } from './aws/engine.ts';
import type { Clock } from './clock.ts';
import type { Queues } from './events/sqs.ts';
import { isEnabled, type SqsMapping, startSqsMapping } from './events/sqs-mapping.ts';
import { type StreamMapping, startStreamMapping } from './events/stream-mapping.ts';
import { readStreamSettings } from './events/stream-settings.ts';
import type { Checkpoint } from './events/stream-shard.ts';
import type { FaultBoard } from './faults.ts';
import { type Caller, functionArnOf, type Iam } from './iam/iam.ts';
import type { Journal } from './journal.ts';
import { textOf } from './json.ts';
import type { Pool } from './lambda/pool.ts';
import type { TableDefinition } from './tables.ts';
import type { Template } from './template/template.ts';

export type EventSourceOptions = {
  readonly template: Template;
  readonly pools: ReadonlyMap<string, Pool>;
  readonly callerOf: (functionArn: string) => Caller;
  readonly iam: Iam;
  readonly queues: Queues;
  readonly tables: readonly TableDefinition[];
  /** The engine's stream ARNs by table name. */
  readonly streams: ReadonlyMap<string, string>;
  readonly engine: Engine;
  readonly checkpoints: Journal<Checkpoint>;
  readonly clock: Clock;
  readonly streamRetryMs: number;
  readonly faults: FaultBoard;
  readonly onLost: (what: string) => void;
};

/** The running event source mappings. */
export type EventSources = {
  readonly queues: readonly SqsMapping[];
  readonly streams: readonly StreamMapping[];
  stop(): Promise<void>;
};

/** Starts every enabled event source mapping of the templates: queues and table streams. Throws on any other source. */
export async function startEventSources(options: EventSourceOptions): Promise<EventSources> {
  const { template, pools, callerOf, iam } = options;
  const queues: SqsMapping[] = [];
  const streams: StreamMapping[] = [];
  const stop = async () => {
    for (const mapping of queues) mapping.stop();
    await Promise.all(streams.map((mapping) => mapping.stop()));
  };
  try {
    for (const resource of template.of('AWS::Lambda::EventSourceMapping').filter(isEnabled)) {
      const functionArn = functionArnOf(textOf(resource.properties.FunctionName, `FunctionName of ${resource.id}`), template);
      const pool = pools.get(functionArn);
      if (pool === undefined)
        throw new Error(`Mapping ${resource.id} wakes ${functionArn}, which is no function of the templates`);
      const source = textOf(resource.properties.EventSourceArn, `EventSourceArn of ${resource.id}`);
      const caller = callerOf(functionArn);
      const queue = options.queues.byArn(source);
      const table = options.tables.find(({ streamArn }) => streamArn === source);
      const streamArn = options.streams.get(table?.name ?? '');
      if (queue !== undefined)
        queues.push(startSqsMapping({ resource, queue, pool, caller, iam, region: template.locality.region }));
      else if (table === undefined)
        throw new Error(`Mapping ${resource.id} reads ${source}, which is no queue or stream of the templates`);
      else if (streamArn === undefined) throw new Error(`Table ${table.name} has no stream for mapping ${resource.id}`);
      else {
        const { engine, checkpoints, clock, faults, onLost, streamRetryMs: retryMs } = options;
        const settings = readStreamSettings(resource);
        const common = {
          settings,
          table,
          streamArn,
          engine,
          pool,
          caller,
          iam,
          queues: options.queues,
          checkpoints,
          clock,
          retryMs,
          onLost,
        };
        streams.push(startStreamMapping({ ...common, locality: template.locality, random: faults.random, faults }));
      }
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { queues, streams, stop };
}
