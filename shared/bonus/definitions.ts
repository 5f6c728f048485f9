import { refuse } from '#kernel/errors.ts';
import type { Instant } from '#kernel/instant.ts';
import { MAX_CENTS } from '#kernel/money.ts';
import type { ProPayDisqualifier, ProPayPenalty } from '#model/propay.ts';
import type { DisqualifierDefinition, PenaltyDefinition, TenantContext } from '#model/settings.ts';
import { integerAt } from './check.ts';
import type { Blocker } from './commands/accept.ts';
import { anyAmountMissing } from './rules/penalties.ts';
import type { Disqualifier, Penalty, RecordRef } from './shapes.ts';

/** The questions and penalties that a ProPay, group or phase holds, each list in the order of the tenant's definitions. */
export interface HeldDefinitions {
  readonly disqualifiers: readonly ProPayDisqualifier[];
  readonly penalties: readonly ProPayPenalty[];
}

type Definitions = Pick<TenantContext, 'disqualifiers' | 'penalties'>;

/** Who did something, and when. */
export interface Deed {
  readonly by: string;
  readonly at: Instant;
}

const MOST_TIMES = 1_000;

/** What something new holds (B-81): every question open (B-76), every penalty not incurred (B-79). */
export function copyDefinitions({ disqualifiers, penalties }: Definitions): HeldDefinitions {
  return { disqualifiers: disqualifiers.map(openQuestion), penalties: penalties.map(unincurred) };
}

/**
 * The held definitions brought up to the tenant's present ones (B-81): answers and counts of unchanged definitions stay; a changed
 * question is open again and a changed penalty not incurred; new ones come, removed ones go.
 */
export function syncDefinitions(held: HeldDefinitions, { disqualifiers, penalties }: Definitions): HeldDefinitions {
  return {
    disqualifiers: disqualifiers.map((one) => unchanged(held.disqualifiers, one) ?? openQuestion(one)),
    penalties: penalties.map((one) => unchanged(held.penalties, one) ?? unincurred(one)),
  };
}

/** True where a sync would change something: a definition is new, changed or removed since (B-81). */
export function isOutdated(held: HeldDefinitions, tenant: Definitions): boolean {
  return (['disqualifiers', 'penalties'] as const).some((kind) => {
    const keys = (one: { readonly key: string; readonly definitionRevision: number }) => `${one.key} ${one.definitionRevision}`;
    const ids = (one: { readonly id: string; readonly revision: number }) => `${one.id} ${one.revision}`;
    return held[kind].map(keys).sort().join('\n') !== tenant[kind].map(ids).sort().join('\n');
  });
}

/** True where a list holds the definition as it is now. */
export function holds(
  held: readonly { readonly key: string; readonly definitionRevision: number }[],
  definition: { readonly id: string; readonly revision: number },
): boolean {
  return unchanged(held, definition) !== undefined;
}

function unchanged<T extends { readonly key: string; readonly definitionRevision: number }>(
  held: readonly T[],
  { id, revision }: { readonly id: string; readonly revision: number },
): T | undefined {
  return held.find((one) => one.key === id && one.definitionRevision === revision);
}

function openQuestion({ id, name, category, revision }: DisqualifierDefinition): ProPayDisqualifier {
  return {
    key: id,
    name,
    category,
    definitionRevision: revision,
    state: 'pending',
    note: null,
    answeredBy: null,
    answeredAt: null,
  };
}

function unincurred({ id, name, category, kind, amountCents, revision }: PenaltyDefinition): ProPayPenalty {
  return { key: id, name, category, definitionRevision: revision, kind, amountCents, count: 0, setBy: null, setAt: null };
}

/** Answers one question (B-76); 404 where the key names none that is held. */
export function answerDisqualifier(
  held: readonly ProPayDisqualifier[],
  key: string,
  answer: { readonly state: ProPayDisqualifier['state']; readonly note: string | null } & Deed,
): readonly ProPayDisqualifier[] {
  requireHeld(held, key);
  const { state, note, by, at } = answer;
  return held.map((one) => (one.key === key ? { ...one, state, note, answeredBy: by, answeredAt: at } : one));
}

/**
 * Sets how often a penalty was incurred, and the amount of one that is set at approval (B-79); no amount leaves it as it is. A fixed
 * amount is the definition's and no other. 404 where the key names none that is held.
 */
export function setPenalty(
  held: readonly ProPayPenalty[],
  key: string,
  given: { readonly count: number; readonly amountCents?: number | undefined } & Deed,
): readonly ProPayPenalty[] {
  const penalty = requireHeld(held, key);
  const count = integerAt(given.count, 'count', 0, MOST_TIMES);
  const amountCents = given.amountCents ?? penalty.amountCents;
  if (amountCents !== null) integerAt(amountCents, 'amount', 1, MAX_CENTS, 'invalid-amount');
  if (penalty.kind === 'fixed' && amountCents !== penalty.amountCents)
    refuse('invalid-amount', { field: 'amount', detail: 'the amount of this penalty is fixed by its definition' });
  return held.map((one) => (one.key === key ? { ...one, amountCents, count, setBy: given.by, setAt: given.at } : one));
}

/** Takes a penalty back: not incurred, and an amount that was set for it gone. */
export function clearPenalty(held: readonly ProPayPenalty[], key: string, { by, at }: Deed): readonly ProPayPenalty[] {
  const { kind } = requireHeld(held, key);
  const none = { count: 0, setBy: by, setAt: at, ...(kind === 'fixed' ? {} : { amountCents: null }) };
  return held.map((one) => (one.key === key ? { ...one, ...none } : one));
}

function requireHeld<T extends { readonly key: string }>(held: readonly T[], key: string): T {
  return held.find((one) => one.key === key) ?? refuse('not-found', { detail: 'It holds no such definition.' });
}

/** The answers and incurred penalties as a calculation takes them; `ref` is the record that holds them. */
export function answersOf(
  held: HeldDefinitions,
  ref: RecordRef,
): { readonly disqualifiers: readonly Disqualifier[]; readonly penalties: readonly Penalty[] } {
  return {
    disqualifiers: held.disqualifiers.map(({ key, state }) => ({ id: key, state, ref })),
    penalties: incurred(held).map(({ key, amountCents, count }) => ({ id: key, amountCents, count, ref })),
  };
}

/** What an approval asks of answers and penalties. */
export interface AnswersToCheck {
  readonly disqualifiers: readonly Pick<ProPayDisqualifier, 'key' | 'state'>[];
  readonly penalties: readonly Pick<ProPayPenalty, 'key' | 'amountCents' | 'count'>[];
}

/** What of the answers stands in the way of an approval: open questions (B-78), incurred penalties without an amount (B-79). */
export function blockersOfAnswers(held: AnswersToCheck): readonly Blocker[] {
  const pending = held.disqualifiers.filter(({ state }) => state === 'pending').map(({ key }) => key);
  const unpriced = incurred(held).flatMap(({ key, amountCents, count }) =>
    anyAmountMissing([{ id: key, amountCents, count }]) ? [key] : [],
  );
  return [
    ...(pending.length === 0 ? [] : [{ code: 'disqualifier-pending', acceptable: false, ids: pending }]),
    ...(unpriced.length === 0 ? [] : [{ code: 'penalty-amount-missing', acceptable: false, ids: unpriced }]),
  ];
}

function incurred<T extends { readonly count: number }>({ penalties }: { readonly penalties: readonly T[] }): readonly T[] {
  return penalties.filter(({ count }) => count > 0);
}
