import { AppError } from '#kernel/errors.ts';
import { type Diagnosis, diagnose, type SupplierEvidence } from '#mirror/diagnose.ts';
import type { EntityName } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProbeAnswer } from '#model/sync-call.ts';
import { SEE_MIRROR } from '../access.ts';
import { type AdminPorts, defineAdminRoute } from '../admin/ports.ts';
import { readMirrorContext } from '../mirror/context.ts';
import { sightOf } from '../mirror/sight.ts';
import { invalidParameter } from '../problem.ts';
import { choiceParameter, idParameter, textParameter } from '../query.ts';
import type { ApiRequest } from '../route.ts';
import { checklistOf, diagnosisView, NOT_AVAILABLE } from './diagnosis-view.ts';
import { fetchMissed } from './fetch-missed.ts';
import { findSourceId } from './find-by-text.ts';
import { type Gathering, gather, readSuppliers, type Supplier } from './gather.ts';
import { proPayVerdict } from './propay-verdict.ts';
import { diagnosisShape, KINDS } from './shapes.ts';
import { hidingFilter } from './view-filter.ts';

const query = {
  kind: choiceParameter(KINDS, 'What is missed'),
  sourceId: textParameter('Id at the source; of a ProPay: of its job or milestone', 512),
  number: textParameter('Number, where the id is not known', 200),
  name: textParameter('Name, where the id is not known', 200),
  connectionId: idParameter('Only this connection'),
  view: textParameter('Query of the list that is looked at, such as status=active: a filter of it may hide the record', 1_000),
};
type DiagnoseRequest = ApiRequest<'/v1/diagnose', typeof query, unknown, AdminPorts>;
type Probe = ProbeAnswer | { readonly result: 'left_out' } | null;

/** One call that says why a record is missing (M-122 to M-125). A well-formed question always gets an answer, with status 200. */
export const getDiagnosis = defineAdminRoute({
  method: 'GET',
  path: '/v1/diagnose',
  group: 'diagnosis',
  summary: 'Why a record or a ProPay is missing, or where it is',
  access: SEE_MIRROR,
  query,
  answer: {
    status: 200,
    description: 'The one verdict that holds',
    schema: diagnosisShape,
  },
  handler: async (request) => {
    const { kind, sourceId, number, name, connectionId, view } = request.query;
    const asked = {
      sourceId: sourceId ?? null,
      number: number ?? null,
      name: name ?? null,
      connectionId: connectionId ?? null,
      view: view ?? null,
    };
    if (kind === undefined) throw invalidParameter('kind', 'must be given');
    if ([sourceId, number, name].filter((one) => one !== undefined).length !== 1)
      throw invalidParameter('sourceId', 'give exactly one of sourceId, number and name');
    const called = number !== undefined ? { by: 'number' as const, text: number } : { by: 'name' as const, text: name ?? '' };
    for (const entity of entitiesOf(kind)) {
      const answer = await diagnoseEntity(request, kind, entity, sourceId ?? called, asked);
      // A ProPay is asked for by its job or its milestone: the first that is anything but unknown decides.
      if (answer !== null) return { body: answer };
    }
    throw new Error('the last entity of a kind always has a verdict');
  },
});

function entitiesOf(kind: (typeof KINDS)[number]): readonly EntityName[] {
  return kind === 'propay' ? ['milestone', 'job'] : [kind];
}

async function diagnoseEntity(
  request: DiagnoseRequest,
  kind: (typeof KINDS)[number],
  entity: EntityName,
  asks: string | Parameters<typeof findSourceId>[3],
  asked: Readonly<Record<string, string | null>>,
) {
  const { ports, scope, query: filters } = request;
  const gathering: Gathering = { table: ports.table, scope, now: ports.now() };
  const { suppliers, providers } = await readSuppliers(gathering, entity, filters.connectionId);
  const sourceId = typeof asks === 'string' ? asks : await findSourceId(gathering, entity, suppliers, asks);
  const evidence = await Promise.all(suppliers.map((supplier) => gather(gathering, supplier, entity, sourceId)));
  const isLast = entity === entitiesOf(kind).at(-1);
  if (!isLast && !evidence.some(({ record, marker, quarantine, parked }) => record ?? marker ?? quarantine ?? parked))
    return null;
  const visible = await visibleIds(request, evidence);
  const isVisible = (record: MirrorRecord) => visible.has(record.id);
  const { view } = filters;
  // A ProPay is looked for in another list than its job.
  const hiding =
    view === undefined || kind === 'propay' ? null : hidingFilter(view, entity, (await readMirrorContext(request)).tenant);
  const stored = {
    entity,
    suppliers: evidence,
    connectedProviders: providers,
    isVisible,
    ...(hiding === null ? {} : { hiddenBy: hiding }),
    role: request.actor.role,
    now: gathering.now,
  };
  let probe: Probe = null;
  let verdict = diagnose({ ...stored, probe });
  if (verdict === null) {
    probe =
      ownOnly(request) || sourceId === null ? { result: 'left_out' } : await askSource(request, suppliers, entity, sourceId);
    verdict = diagnose({ ...stored, probe })!;
  }
  if (ownOnly(request) && verdict.record === null) return { kind, asked, ...NOT_AVAILABLE };
  if (kind === 'propay' && verdict.code === 'present')
    verdict = await proPayVerdict(gathering, verdict.record!, (await readMirrorContext(request)).tenant, verdict.supplier!);
  if (verdict.code === 'missed') verdict = await fetchMissed(request, verdict, entity, sourceId!);
  const parent = await parentVerdict(request, verdict, evidence);
  return {
    kind,
    asked,
    ...diagnosisView(verdict, request.reach),
    parent,
    probe: { done: probe !== null && probe.result !== 'left_out', result: probe?.result ?? null },
    checklist: checklistOf(verdict, probe, gathering.now),
  };
}

/** Crew leads and workers get verdicts on records of their own and nothing else (M-124). */
function ownOnly({ reach }: Pick<DiagnoseRequest, 'reach'>): boolean {
  return reach === 'C' || reach === 'O';
}

async function visibleIds(request: DiagnoseRequest, evidence: readonly SupplierEvidence[]): Promise<ReadonlySet<string>> {
  const records = evidence.flatMap(({ record }) => (record === null ? [] : [record]));
  if (records.length === 0) return new Set();
  const sight = sightOf(request, await readMirrorContext(request));
  return new Set((await sight.filter(records)).map(({ id }) => id));
}

/**
 * One look at the source (M-123); the integration's function gives up after five seconds. A source that cannot be asked never says
 * "not there".
 */
async function askSource(
  { ports }: DiagnoseRequest,
  suppliers: readonly Supplier[],
  entity: EntityName,
  sourceId: string,
): Promise<NonNullable<Probe>> {
  const supplier = suppliers.find(({ connection }) => connection.disconnectedAt === null);
  if (supplier === undefined) return { result: 'left_out' };
  const { provider, id } = supplier.connection;
  try {
    return await ports.sync.probe(provider, { type: 'probe', connectionId: id, entity, sourceId });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'source-failed') throw error;
    ports.log({ level: 'warn', message: 'probe failed', connectionId: id, error: error.message });
    return { result: 'failed', code: 'unreachable' };
  }
}

const PARENT_KINDS: Readonly<Record<string, EntityName>> = { job: 'job', milestone: 'milestone', worker: 'worker' };

/** The missing parent's own verdict, from what is stored (V-8). */
async function parentVerdict(request: DiagnoseRequest, verdict: Diagnosis, evidence: readonly SupplierEvidence[]) {
  const missing = verdict.evidence.parent as { readonly kind: string; readonly sourceId: string } | undefined;
  const entity = missing && PARENT_KINDS[missing.kind];
  if (verdict.code !== 'parent_missing' || !missing || !entity || evidence.length === 0) return null;
  const { ports, scope } = request;
  const gathering: Gathering = { table: ports.table, scope, now: ports.now() };
  const { suppliers, providers } = await readSuppliers(gathering, entity, verdict.supplier?.connectionId);
  const found = await Promise.all(suppliers.map((supplier) => gather(gathering, supplier, entity, missing.sourceId)));
  const parent = diagnose({
    entity,
    suppliers: found,
    connectedProviders: providers,
    isVisible: () => !ownOnly(request),
    role: request.actor.role,
    probe: { result: 'left_out' },
    now: gathering.now,
  })!;
  return { kind: entity, sourceId: missing.sourceId, ...diagnosisView(parent, request.reach) };
}
