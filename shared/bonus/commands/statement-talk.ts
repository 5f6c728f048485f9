import { refuse } from '#kernel/errors.ts';
import { hashCanonical } from '#kernel/hash.ts';
import type { Instant } from '#kernel/instant.ts';
import type { Acknowledgement, Dispute, LineItem, StatementHeader } from '#model/pay.ts';
import type { StatementView } from '../pay/statements.ts';
import type { Blocker } from './accept.ts';

/** Who says something about a statement, and when. */
export interface Speaker {
  readonly by: string;
  readonly at: Instant;
}

/** Disputes that one statement may gather: enough for every line of a long one, few enough for one record. */
const MOST_DISPUTES = 100;

/**
 * The worker agrees to a statement, or to one of its lines (B-142). It holds for what stands there now: a line that changes, comes or
 * goes takes the agreement away by itself.
 */
export function acknowledge(
  header: StatementHeader,
  view: StatementView,
  lineItemId: string | null,
  speaker: Speaker,
): StatementHeader {
  requireLine(view, lineItemId);
  const others = header.acknowledgements.filter((one) => one.lineItemId !== lineItemId && isInForce(one, view));
  const acknowledgement = { lineItemId, ...speaker, seen: seenOf(view, lineItemId) };
  return { ...header, acknowledgements: [...others, acknowledgement] };
}

/** The worker objects to a statement or one of its lines; an agreement to it, or to the whole, is withdrawn (B-142). */
export function dispute(
  header: StatementHeader,
  view: StatementView,
  said: Pick<Dispute, 'id' | 'lineItemId' | 'note' | 'at' | 'by'>,
): StatementHeader {
  requireLine(view, said.lineItemId);
  if (header.disputes.length >= MOST_DISPUTES)
    refuse('too-many-items', { data: { count: header.disputes.length, most: MOST_DISPUTES } });
  return {
    ...header,
    acknowledgements: header.acknowledgements.filter(
      ({ lineItemId }) => said.lineItemId !== null && lineItemId !== null && lineItemId !== said.lineItemId,
    ),
    disputes: [...header.disputes, { ...said, answer: null }],
  };
}

/** A manager answers what is open: all of it, or the dispute that is named (B-142). */
export function answerDisputes(
  header: StatementHeader,
  disputeId: string | null,
  answer: { readonly note: string } & Speaker,
): StatementHeader {
  const open = header.disputes.filter((one) => one.answer === null && (disputeId === null || one.id === disputeId));
  if (open.length === 0) refuse('wrong-state', { detail: 'There is no open dispute.' });
  return { ...header, disputes: header.disputes.map((one) => (open.includes(one) ? { ...one, answer } : one)) };
}

/** What disputes put in the way of a payment, where the tenant says that they do (B-142). */
export function disputeBlockers(header: StatementHeader | null, blocks: boolean): readonly Blocker[] {
  const open = (header?.disputes ?? []).filter((one) => one.answer === null);
  return blocks && open.length > 0 ? [{ code: 'dispute-open', acceptable: false, ids: open.map(({ id }) => id) }] : [];
}

/** Whether what was agreed to is what stands there now. */
export function isInForce({ lineItemId, seen }: Acknowledgement, view: StatementView): boolean {
  return seen === seenOf(view, lineItemId);
}

function requireLine(view: StatementView, lineItemId: string | null): void {
  if (view.status === 'Voided') refuse('wrong-state', { data: { status: view.status } });
  if (lineItemId !== null && !linesOf(view).some((item) => item.id === lineItemId))
    refuse('unknown-reference', { field: 'lineItemId', detail: 'this line item does not stand on the statement' });
}

const linesOf = (view: StatementView): readonly LineItem[] => [...view.items, ...view.upcoming];

/** The digest of what a worker sees and agrees to: paying it and taking the payment back change nothing of it. */
function seenOf(view: StatementView, lineItemId: string | null): string {
  const lines = lineItemId === null ? view.items : linesOf(view).filter((item) => item.id === lineItemId);
  const changes = ({ events }: LineItem) => events.filter(({ type }) => type !== 'paid' && type !== 'reopen').length;
  const rolloverInCents = lineItemId === null ? view.totals.rolloverInCents : 0;
  return hashCanonical({ lines: lines.map((item) => [item.id, changes(item)]), rolloverInCents });
}
