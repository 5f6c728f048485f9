import * as z from 'zod/mini';
import { workerKey } from '#model/keys.ts';
import { idsOfPerson } from '#model/merged-people.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { payrollIdOf, type WorkerSettings } from '#model/own-facts.ts';
import type { ApiToken } from '#model/people.ts';
import { listApiTokens, restrictApiTokenAction } from '#store/people-repository.ts';
import { blocksAction } from '#store/propay-repository.ts';
import { readContext, saveContextAction } from '#store/settings-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { allow } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { idText } from '../../edge.ts';
import { notFound } from '../../problem.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { seenRecord } from './seen-record.ts';

const payrollId = z.nullable(z.string().check(z.minLength(1), z.maxLength(100)));
const answer = {
  status: 200,
  description: 'What is settled here of the person; `effectivePayrollId` is the source’s where none is settled',
  schema: z.strictObject({
    workerId: idText,
    removeBonus: z.boolean(),
    restrictAccess: z.boolean(),
    payrollId,
    effectivePayrollId: z.nullable(z.string()),
  }),
};

export const getWorkerSettings = defineRoute({
  method: 'GET',
  path: '/v1/workers/{id}/settings',
  group: 'mirror',
  summary: 'What is settled here of one person',
  access: allow('A', 'A', '-', '-', '-', 'R'),
  answer,
  handler: async (request) => {
    const worker = await requireWorker(request, request.params.id);
    return { body: viewOf(worker, worker.own.settings) };
  },
});

/** Remove the bonus, restrict access, name the payroll id (E-4, E-5). A key that is left out stays as it is. */
export const putWorkerSettings = defineRoute({
  method: 'PUT',
  path: '/v1/workers/{id}/settings',
  group: 'mirror',
  summary: 'Remove a person’s bonus, restrict access, name the payroll id',
  access: allow('A', 'A', '-', '-', '-', '-'),
  body: z.strictObject({
    removeBonus: z.optional(z.boolean()),
    restrictAccess: z.optional(z.boolean()),
    payrollId: z.optional(payrollId),
  }),
  bodyExample: { removeBonus: true },
  answer,
  handler: (request) => {
    const { ports, scope, actor, command, params, body } = request;
    return commitFresh(command, async () => {
      const worker = await requireWorker(request, params.id);
      const before = worker.own.settings;
      const settings: WorkerSettings = {
        removeBonus: body.removeBonus ?? before?.removeBonus ?? false,
        restrictAccess: body.restrictAccess ?? before?.restrictAccess ?? false,
        payrollId: body.payrollId === undefined ? (before?.payrollId ?? null) : body.payrollId,
        by: actor.id,
        at: ports.now(),
      };
      if (said(before) === said(settings)) return { actions: [], audit: [], answer: { body: viewOf(worker, before) } };
      return {
        actions: [
          blocksAction(workerKey(scope, worker.id), { own: { seen: worker.own, next: { ...worker.own, settings } } }),
          ...(await bonusActions(request, worker.id, settings)),
          ...(await accessActions(request, worker.id, settings)),
        ],
        audit: {
          action: 'worker.settings_changed',
          entity: 'worker',
          entityId: worker.id,
          before: viewOf(worker, before),
          after: viewOf(worker, settings),
        },
        answer: { body: viewOf(worker, settings) },
      };
    });
  },
});

type EditRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

async function requireWorker(request: EditRequest, id: string): Promise<MirrorRecord<'worker'>> {
  const seen = await seenRecord(request, 'worker', id);
  if (seen === null) throw notFound();
  return seen.record;
}

/** The list of all whose bonus is removed stands in the context, so that no calculation reads its people's records. */
async function bonusActions(
  { ports, scope }: EditRequest,
  workerId: string,
  { removeBonus }: WorkerSettings,
): Promise<readonly WriteAction[]> {
  const context = await readContext(ports.table, scope);
  if (context === null) return [];
  const ids = idsOfPerson(context, workerId);
  if (context.bonusRemovedIds.some((id) => ids.includes(id)) === removeBonus) return [];
  const others = context.bonusRemovedIds.filter((id) => !ids.includes(id));
  const bonusRemovedIds = removeBonus ? [...others, workerId].sort() : others;
  return [saveContextAction(scope, { ...context, bonusRemovedIds })];
}

/** The person's tokens end or work again with the next request. An owner is never locked out. */
async function accessActions(
  { ports, scope }: EditRequest,
  workerId: string,
  { restrictAccess }: WorkerSettings,
): Promise<readonly WriteAction[]> {
  const concerns = (token: ApiToken): boolean =>
    token.workerId === workerId && token.role !== 'owner' && token.revokedAt === null && token.restricted !== restrictAccess;
  const tokens = (await listApiTokens(ports.table, scope)).filter(concerns);
  return tokens.map((token) => restrictApiTokenAction(scope, token.id, restrictAccess));
}

/** What the settings say, whoever said it when. */
function said(settings: WorkerSettings | null): string {
  return JSON.stringify([settings?.removeBonus ?? false, settings?.restrictAccess ?? false, settings?.payrollId ?? null]);
}

function viewOf(worker: MirrorRecord<'worker'>, settings: WorkerSettings | null) {
  return {
    workerId: worker.id,
    removeBonus: settings?.removeBonus ?? false,
    restrictAccess: settings?.restrictAccess ?? false,
    payrollId: settings?.payrollId ?? null,
    effectivePayrollId: payrollIdOf({ own: { settings }, fields: worker.fields }),
  };
}
