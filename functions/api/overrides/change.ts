import { refuse } from '#kernel/errors.ts';
import { hasOverrides } from '#model/carried-facts.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { OverrideField, Overrides } from '#model/overrides.ts';
import type { OwnFacts } from '#model/own-facts.ts';
import { noteOverriddenAction, type OverrideAct, putOverrideActAction } from '#store/override-repository.ts';
import { blocksAction } from '#store/propay-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { commitFresh } from '../commit.ts';
import { overrideViews } from '../mirror/override-views.ts';
import { stalePrecondition } from '../problem.ts';
import type { ApiAnswer, ApiRequest } from '../route.ts';
import { listedAs } from './listed-as.ts';
import { answerOf, answerWith, type OverrideEntity, readActs, type Subject, type SubjectRequest } from './subject.ts';

export type ChangeRequest = SubjectRequest & Pick<ApiRequest, 'command'>;

/** What an act on an override changes. */
export interface OverrideChange {
  /** The overrides as they become; `setAt` is the revision that the record's facts get with it. */
  overrides(setAt: number): Overrides;
  readonly act: Pick<OverrideAct, 'field' | 'act' | 'value' | 'sourceValueWhenSet'> & Partial<OverrideAct>;
  /** Further rows that go with it. */
  readonly actions?: (setAt: number) => readonly WriteAction[];
}

/** Who did it, when and why. */
export function madeBy({ actor, ports }: SubjectRequest, reason: string | undefined) {
  return { by: actor.id, at: ports.now(), reason: reason ?? null };
}

/**
 * Carries an act on an override out (M-116, M-118): what stands on the record, its row in the history, and where conflicts are looked for,
 * with the audit entry in one transaction. The record's part of the sync is not touched, and a sync that writes at the same moment
 * does not touch this (M-96). 412 where the overrides are no longer those of the caller's tag; null changes nothing.
 */
export function changeOverride<E extends OverrideEntity>(
  request: ChangeRequest,
  by: {
    readonly subject: () => Promise<Subject<E>>;
    /** The caller's tag; null where none is asked for. */
    readonly ifMatch: number | null;
    readonly reason?: string | undefined;
    readonly more?: (subject: Subject<E>) => Promise<Readonly<Record<string, unknown>>>;
  },
  decide: (subject: Subject<E>) => Promise<OverrideChange | null>,
): Promise<ApiAnswer> {
  const { scope, command } = request;
  return commitFresh(command, async () => {
    const subject = await by.subject();
    const { aliasOf } = subject.record;
    if (aliasOf !== null)
      refuse('wrong-state', { detail: 'Another record stands for this one: what is set there holds.', data: { aliasOf } });
    if (by.ifMatch !== null && subject.tag !== by.ifMatch) throw stalePrecondition(subject.tag);
    const change = await decide(subject);
    const more = (await by.more?.(subject)) ?? {};
    if (change === null) return { actions: [], audit: [], answer: withMore(await answerOf(request, subject), more) };
    const { record } = subject;
    const setAt = record.own.revision + 1;
    const next: OwnFacts = { ...record.own, overrides: change.overrides(setAt) };
    const made = { ...NOTHING_MORE, ...madeBy(request, by.reason), ...change.act };
    const acts = await readActs(request, subject);
    const after = { ...next, revision: setAt };
    return {
      actions: [
        blocksAction(subject.key, { own: { seen: record.own, next }, ...listedAs(record, next) }),
        ...subject.moveTag,
        putOverrideActAction(scope, record.id, setAt, made),
        noteOverriddenAction(scope, record.entity, record.id, hasOverrides(next)),
        ...(change.actions?.(setAt) ?? []),
      ],
      audit: {
        action: `override.${made.act}`,
        entity: record.entity,
        entityId: record.id,
        before: fieldOf(subject, record.own, made.field),
        after: fieldOf(subject, after, made.field),
        reason: made.reason,
      },
      answer: withMore(answerWith(subject, after, subject.tag + 1, [...acts, made]), more),
    };
  });
}

const NOTHING_MORE = { effectiveFrom: null, burdenBp: null };

function withMore(answer: ApiAnswer, more: Readonly<Record<string, unknown>>): ApiAnswer {
  return { ...answer, body: { ...(answer.body as object), ...more } };
}

/** A field's override as the audit log keeps it: whoever reads the log may see wages and budgets. */
function fieldOf({ record, mirror }: Subject, own: OwnFacts, field: OverrideField): unknown {
  return overrideViews({ ...record, own } as MirrorRecord, mirror, EVERYTHING)[field] ?? null;
}

const EVERYTHING = { budgets: true, excluded: true, wages: () => true, contact: () => false };
