import * as z from 'zod/mini';
import { type ApprovedGroup, factsOfGroup, factsOfProPay, heldUntil, type LineFacts } from '#bonus/pay/line-facts.ts';
import type { StatementView } from '#bonus/pay/statements.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import { parseProPayId } from '#model/ids.ts';
import { jobKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { ItemSource, LineItem } from '#model/pay.ts';
import { phaseSourceId, RELEASE } from '#model/phase.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import { dateText, idText, moneyOf, moneyText, rateOf, rateText } from '../../edge.ts';
import { type Desk, todayIn } from '../desk.ts';
import { distributionSchema, distributionView } from '../distribution.ts';
import { seesPay } from '../sight.ts';
import { type LinePhases, lineReserve, lineReserveSchema, readLinePhases } from './line-phases.ts';
import type { PayRequest } from './load-statement.ts';

/** Approvals whose snapshots one answer reads; a statement with more tells of the others that they are to be looked up. */
const MOST_SNAPSHOTS = 60;

const text = z.nullable(z.string());
const bp = z.int();

/** A line of a statement with what stands behind it (B-141). */
export const statementLineSchema = z.strictObject({
  lineItemId: idText,
  held: z.boolean(),
  heldUntil: z.nullable(dateText),
  jobs: z.array(z.strictObject({ id: idText, name: text, number: text })),
  /** Of what a phase has paid, or what was released of the reserve that phases had filled: that has no name of its own. */
  phase: z.nullable(z.strictObject({ id: idText, name: text })),
  /** Of what phases have put by: what became of the worker's money of each phase behind the line (B-114, B-115). */
  reserve: z.optional(lineReserveSchema),
  /** Null for what no approval stands behind, and where the answer would grow too long. */
  approved: z.nullable(
    z.strictObject({
      budgetAmount: z.optional(moneyText),
      budgetSeconds: z.optional(z.int()),
      actualSeconds: z.int(),
      savedSeconds: z.optional(z.int()),
      savings: moneyText,
      workerShare: moneyText,
      penalty: moneyText,
      completionBp: z.nullable(bp),
      pool: z.strictObject({
        crewBp: bp,
        crewLeadBp: bp,
        managerBp: bp,
        otherBp: bp,
        companyBp: bp,
        splitEnabled: z.boolean(),
        splitBp: bp,
      }),
      crewPool: moneyText,
      distribution: distributionSchema,
      own: z.strictObject({ seconds: z.int(), crewSeconds: z.int(), wages: z.array(rateText) }),
      disqualifiers: z.array(z.strictObject({ name: z.string(), state: z.enum(['passed', 'failed', 'pending']), note: text })),
      penalties: z.array(z.strictObject({ name: z.string(), amount: z.nullable(moneyText), count: z.int() })),
    }),
  ),
});

/**
 * The lines of a statement for the worker whose it is: items that are added up, then those still held. A manager finds nothing behind those
 * that were earned outside of the own scope.
 */
export async function linesOf(request: PayRequest, desk: Desk, view: StatementView) {
  const items = [...view.items, ...view.upcoming];
  const own = items.filter((item) => seesPay(request, desk, item));
  const [facts, phases] = await Promise.all([readFacts(request, own), readLinePhases(request, own)]);
  const jobIdsOf = ({ source }: LineItem): readonly string[] => facts.get(nameOf(source))?.jobIds ?? jobOfSource(source);
  const jobs = await readJobs(request, own.flatMap(jobIdsOf));
  return items.map((item) => {
    const held = heldUntil(item, todayIn(desk, item.branchId));
    const isSeen = own.includes(item);
    const known = isSeen ? facts.get(nameOf(item.source)) : undefined;
    return {
      lineItemId: item.id,
      held: held !== null,
      heldUntil: held?.on ?? null,
      jobs: (isSeen ? jobIdsOf(item) : []).map((id) => jobs.get(id) ?? { id, name: null, number: null }),
      phase: isSeen ? phaseOf(item, phases) : null,
      ...(isSeen ? lineReserve(item, phases) : {}),
      approved: known === undefined ? null : approvedView(known),
    };
  });
}

function phaseOf({ source }: LineItem, phases: LinePhases) {
  if (source.kind !== 'phase') return null;
  const { proPayId, phaseId: id } = source;
  return { id, name: phases.get(proPayId)?.names.get(id) ?? null };
}

/** The job of what names its ProPay, where no approval that was read tells. */
function jobOfSource(source: ItemSource): readonly string[] {
  const jobId = 'proPayId' in source ? parseProPayId(source.proPayId)?.jobId : undefined;
  return jobId === undefined ? [] : [jobId];
}

/** The approval that an item comes from; null for items that none stands behind. */
function approvalOf(source: ItemSource): { readonly kind: 'propay' | 'group'; readonly id: string; readonly n: number } | null {
  switch (source.kind) {
    case 'propay':
    case 'adjustment':
      return { kind: 'propay', id: source.proPayId, n: source.approval };
    case 'phase':
      // What was released may come from several approvals.
      if (source.phaseId === RELEASE) return null;
      return {
        kind: 'propay',
        id: phaseSourceId({ proPayId: source.proPayId, id: source.phaseId }),
        n: source.approval,
      };
    case 'group':
    case 'group-adjustment':
      return { kind: 'group', id: source.groupId, n: source.approval };
    default:
      return null;
  }
}

function nameOf(source: ItemSource): string {
  const approval = approvalOf(source);
  return approval === null ? '' : `${approval.id} ${approval.n}`;
}

async function readFacts({ ports, scope }: PayRequest, items: readonly LineItem[]): Promise<ReadonlyMap<string, LineFacts>> {
  const wanted = new Map(items.map(({ source, workerId }) => [nameOf(source), { approval: approvalOf(source), workerId }]));
  const facts = new Map<string, LineFacts>();
  await inParallel([...wanted].slice(0, MOST_SNAPSHOTS), async ([name, { approval, workerId }]) => {
    if (approval === null) return;
    const snapshot = await readApprovalSnapshot(ports.table, scope, approval.id, approval.n);
    const known =
      approval.kind === 'group'
        ? factsOfGroup(snapshot as ApprovedGroup, workerId)
        : factsOfProPay(snapshot as ApprovalSnapshot, workerId);
    facts.set(name, known);
  });
  return facts;
}

async function readJobs({ ports, scope }: PayRequest, jobIds: readonly string[]) {
  const ids = [...new Set(jobIds)];
  const items = await ports.table.batchGet(
    scope,
    ids.map((id) => jobKey(scope, id)),
    { consistent: false },
  );
  return new Map(
    items.flatMap((item) => {
      if (item === null) return [];
      const { id, fields } = decodeMirrorRecord<'job'>(item);
      return [[id, { id, name: fields.name, number: fields.number }] as const];
    }),
  );
}

function approvedView({ result, pool, splitEnabled, splitBp, distribution, own, crewSeconds, ...facts }: LineFacts) {
  const { crewBp, crewLeadBp, managerBp, otherBp, companyBp } = pool;
  const { budgetSeconds, budgetCents, savedSeconds } = result;
  return {
    ...(budgetSeconds === undefined ? { budgetAmount: moneyOf(budgetCents ?? 0)! } : { budgetSeconds }),
    actualSeconds: result.actualSeconds,
    ...(savedSeconds === undefined ? {} : { savedSeconds }),
    savings: moneyOf(result.savingsCents)!,
    workerShare: moneyOf(result.workerShareCents)!,
    penalty: moneyOf(result.penaltyCents)!,
    completionBp: facts.completionBp,
    pool: { crewBp, crewLeadBp, managerBp, otherBp, companyBp, splitEnabled, splitBp },
    crewPool: moneyOf(result.pools.crewCents)!,
    distribution: distributionView(distribution),
    own: { seconds: own.seconds, crewSeconds, wages: own.wagesE4.map((wageE4) => rateOf(wageE4)!) },
    disqualifiers: facts.disqualifiers,
    penalties: facts.penalties.map(({ name, amountCents, count }) => ({ name, amount: moneyOf(amountCents), count })),
  };
}
