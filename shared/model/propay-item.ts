import { type ProPayRef, parseProPayId, proPayId } from './ids.ts';
import {
  alertSort,
  byJobOfProPay,
  byNumber,
  type Key,
  listPartition,
  proPayKey,
  proPaySort,
  resultKey,
  verdictKey,
  verdictSort,
  workerProPayKey,
  workerTimeMarkKey,
} from './keys.ts';
import {
  NEVER_ASKED,
  PROPAY_DEFAULTS,
  type ProPay,
  type ProPayFigures,
  type ProPayResult,
  type TimeNeed,
  type Verdict,
} from './propay.ts';
import { type AlertSubject, alertsOf, type ProPayAlert } from './propay-alerts.ts';
import type { ProPayTarget } from './propay-state.ts';
import type { TenantScope } from './scope.ts';

/** Version of the stored forms of this file; readers accept one more and one less. */
const ITEM_VERSION = 1;

type Stored = Key & Readonly<Record<string, unknown>>;

/** The reference of a person looking at it: `PP-1042`. */
export function proPayReference(number: number): string {
  return `PP-${number}`;
}

/** A ProPay in its stored form: in its job's partition, found by job (index `id`) and in the lists by status and branch (index `by`). */
export function encodeProPay(scope: TenantScope, proPay: ProPay): Stored {
  const ref = refOf(proPay);
  return {
    ...proPayKey(scope, ref),
    ip: byJobOfProPay(scope, proPay.jobId),
    is: `${proPay.milestoneId ?? '-'}#${proPay.n}`,
    bp: listPartition(scope, 'PP'),
    bs: proPaySort({ status: proPay.status, branchId: proPay.branchId, date: proPay.listDate, id: proPay.id }),
    et: 'pp',
    v: ITEM_VERSION,
    ...proPay,
  };
}

/** Reads a stored ProPay back. */
export function decodeProPay(item: Readonly<Record<string, unknown>>): ProPay {
  return { ...PROPAY_DEFAULTS, ...fieldsOf(item, 'pp') } as unknown as ProPay;
}

/** What of a ProPay its result's stored form depends on. */
export type ResultSubject = Pick<ProPay, 'id' | 'reference' | 'jobId' | 'milestoneId' | 'n'> & AlertSubject;

/** A result in its stored form. It carries the index entry of the reference number, and is listed while something asks for somebody. */
export function encodeResult(scope: TenantScope, proPay: ResultSubject, result: ProPayResult): Stored {
  const alerts = alertsOf(proPay, result);
  const listed = {
    bp: listPartition(scope, 'ALERT'),
    bs: alertSort({ branchId: result.place.branchId, proPayId: proPay.id }),
    al: alerts,
  };
  return {
    ...resultKey(scope, refOf(proPay)),
    ...(alerts.length > 0 ? listed : {}),
    ip: byNumber(scope, proPay.reference),
    is: `pp#${proPay.id}`,
    et: 'pr',
    v: ITEM_VERSION,
    ...result,
  };
}

/** Reads a stored result back. */
export function decodeResult(item: Readonly<Record<string, unknown>>): ProPayResult {
  const result = fieldsOf(item, 'pr') as unknown as ProPayResult;
  return {
    ...result,
    figures: withPossible(result.figures),
    ifCompleted: withPossible(result.ifCompleted),
    // Results stored before progress was asked for have asked nothing, those before other time mattered needed none.
    progressRequest: (result as Partial<ProPayResult>).progressRequest ?? NEVER_ASKED,
    timeNeed: (result as Partial<ProPayResult>).timeNeed ?? null,
  };
}

/** Figures stored before there were answers and penalties paid what was possible. */
function withPossible(figures: ProPayFigures | null): ProPayFigures | null {
  if (figures === null) return null;
  const paid = figures.payouts.reduce((sum, payout) => sum + payout.cents, figures.leadPayCents);
  return { ...figures, possibleCents: (figures as Partial<ProPayFigures>).possibleCents ?? paid };
}

/** A ProPay that asks for somebody, as the list of alerts reads it. */
export interface AlertedProPay {
  readonly proPayId: string;
  readonly alerts: readonly ProPayAlert[];
  readonly result: ProPayResult;
}

/** Reads the alerts that a stored result carries; none where nothing asks for anybody any more. */
export function decodeAlerts(item: Readonly<Record<string, unknown>>): AlertedProPay {
  const alerts = (item.al ?? []) as readonly ProPayAlert[];
  return { proPayId: String(item.is).slice('pp#'.length), alerts, result: decodeResult(item) };
}

/** A verdict in its stored form, listed by branch and code. */
export function encodeVerdict(scope: TenantScope, verdict: Verdict): Stored {
  return {
    ...verdictKey(scope, verdict.jobId, verdict.milestoneId),
    bp: listPartition(scope, 'NOPP'),
    bs: verdictSort(verdict),
    et: 'el',
    v: ITEM_VERSION,
    ...verdict,
  };
}

/** Reads a stored verdict back. */
export function decodeVerdict(item: Readonly<Record<string, unknown>>): Verdict {
  const verdict = fieldsOf(item, 'el') as unknown as Verdict;
  return { ...verdict, rules: (verdict as Partial<Verdict>).rules ?? [] };
}

/** The target whose verdict stands under a key of the table: its job, or a visit of it. */
export function targetOfVerdict({ pk, sk }: Key): ProPayTarget[] {
  const jobId = /#J#([^#]+)$/.exec(pk)?.[1];
  if (jobId === undefined) return [];
  const parts = sk.split('#');
  return [{ jobId, milestoneId: parts[0] === 'M' ? parts[1]! : null }];
}

/** The mark in a worker's partition that the worker is on a ProPay: found by wages and by the worker's own list. */
export function encodeWorkerProPay(scope: TenantScope, workerId: string, proPay: string): Stored {
  return { ...workerProPayKey(scope, workerId, proPay), et: 'wp', v: ITEM_VERSION };
}

/** The mark in a worker's partition that a ProPay's figures depend on all of the worker's time over some days. */
export function encodeTimeMark(scope: TenantScope, workerId: string, proPay: string, { from, to }: DateRange): Stored {
  return { ...workerTimeMarkKey(scope, workerId, proPay), et: 'wt', v: ITEM_VERSION, from, to };
}

/** Reads such a mark back: the ProPay, and the work dates it looks at; null for a key that is none. */
export function decodeTimeMark(item: Readonly<Record<string, unknown>>): (DateRange & { readonly proPay: ProPayRef }) | null {
  const proPay = parseProPayId(String(item.sk).slice('PT#'.length));
  const { from, to } = fieldsOf(item, 'wt') as unknown as DateRange;
  return proPay === null ? null : { proPay, from, to };
}

type DateRange = Pick<TimeNeed, 'from' | 'to'>;

/** The ProPay that a worker's mark names; null for a key that is none. */
export function proPayOfMark(sk: string): ProPayRef | null {
  return sk.startsWith('PP#') ? parseProPayId(sk.slice(3)) : null;
}

/** The place of a ProPay in its own words. */
export function refOf(proPay: { readonly jobId: string; readonly milestoneId: string | null; readonly n: number }): ProPayRef {
  return { jobId: proPay.jobId, milestoneId: proPay.milestoneId, n: proPay.n };
}

/** The id of the first ProPay of a target: the one the system makes. */
export function firstProPayId(target: { readonly jobId: string; readonly milestoneId: string | null }): string {
  return proPayId({ ...target, n: 1 });
}

const KEYS = new Set(['pk', 'sk', 'ip', 'is', 'bp', 'bs', 'et', 'v', 'al']);

/** An item without its keys. Throws on another kind of item and on a version that cannot be read. */
export function fieldsOf(item: Readonly<Record<string, unknown>>, mark: string): Record<string, unknown> {
  if (item.et !== mark) throw new Error(`an item of kind ${String(item.et)} was read as ${mark}`);
  if (Math.abs(Number(item.v) - ITEM_VERSION) > 1) throw new Error(`a stored item of version ${String(item.v)} cannot be read`);
  return Object.fromEntries(Object.entries(item).filter(([name]) => !KEYS.has(name)));
}
