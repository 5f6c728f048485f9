import * as z from 'zod/mini';
import { assertPhaseRules } from '#bonus/phased/phase-set.ts';
import { localDateOf } from '#kernel/zone.ts';
import { listPartition } from '#model/keys.ts';
import type { TenantContext } from '#model/settings.ts';
import { type AreaName, type AreaValues, applyArea } from '#model/tenant-context.ts';
import { readArea, saveAreaActions, saveContextAction } from '#store/settings-repository.ts';
import { CHANGE_SETTINGS } from '../access.ts';
import { commitFresh, lost } from '../commit.ts';
import { requireContext } from '../context.ts';
import { dateText, idText } from '../edge.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem, invalidField, notFound, stalePrecondition } from '../problem.ts';
import { flagParameter } from '../query.ts';
import type { ApiRequest } from '../route.ts';
import { defineRoute } from '../route.ts';
import { type AreaDocument, areaDocument, checkArea, isArea, valuesOf } from './areas.ts';
import { requireLocalDivisions } from './division-rules.ts';
import { requirePremiumPayer } from './exports.ts';
import { lastPaidDay, movesBack, readLaunchEffect } from './launch-effect.ts';
import { requireOverhead, requireWorkers, unknownReference } from './references.ts';
import { requireUsersAmong, workersAmong } from './roles.ts';

const change = z.strictObject({ key: z.string(), from: z.unknown(), to: z.unknown() });
const effectShape = z.strictObject({
  changes: z.array(change),
  launch: z.optional(
    z.strictObject({
      count: z.int(),
      items: z.array(z.strictObject({ jobId: idText, milestoneId: z.nullable(idText) })),
      complete: z.boolean(),
      paidUntil: z.nullable(dateText),
      needsConfirmation: z.boolean(),
    }),
  ),
});

export const saveSettings = defineRoute({
  method: 'PUT',
  path: '/v1/settings/{area}',
  group: 'settings',
  summary: 'Save a settings area, or with preview=true see what would change',
  access: CHANGE_SETTINGS,
  ifMatch: true,
  query: {
    preview: flagParameter('Answer the effect and store nothing'),
    confirm: flagParameter('A launch date may go back into pay periods that are paid'),
  },
  body: areaDocument,
  bodyExample: { area: 'approval', values: { maxDataAgeMinutes: 1_440 } },
  answer: {
    status: 200,
    description: 'The area as saved',
    schema: z.object({ area: z.string(), values: z.unknown(), effect: z.optional(effectShape) }),
  },
  handler: async (request) => {
    const { ports, scope, params, query, body, ifMatch, command, actor } = request;
    const { area } = params;
    if (!isArea(area)) throw notFound();
    if (body.area !== area) throw invalidField('/area', `must be ${area}, the area of the path`);
    const saved = await readArea(ports.table, scope, area);
    const before = valuesOf(area, saved);
    const present = await requireContext(request);
    const values = checkArea(body, before, { by: actor.id, at: ports.now(), context: present });
    await requireAllowed(request, values, before, present);
    const launch = area === 'propay' ? await launchChange(request, present, [before, values]) : null;
    if (query.preview) {
      if ((saved?.revision ?? 0) !== ifMatch) throw stalePrecondition(saved?.revision ?? 0);
      const changes = changesOf(before, values);
      if (launch === null) return { body: { area, values, effect: { changes } } };
      const effect = await readLaunchEffect(ports.table, scope, launch.next);
      return { body: { area, values, effect: { changes, launch: { ...effect, ...launch.told } } } };
    }
    if (launch?.told.needsConfirmation && !query.confirm)
      throw new ApiProblem('launch-before-paid-period', { data: { paidUntil: launch.told.paidUntil } });
    const earning = area === 'payroll' && (await hasItems(request));
    return commitFresh(command, async () => {
      const context = await requireContext(request);
      const earnedSince = earning ? localDateOf(ports.now(), context.zone) : null;
      const next = {
        area,
        values: values as unknown as Record<string, unknown>,
        revision: ifMatch + 1,
        changedAt: ports.now(),
        changedBy: actor.id,
      };
      return {
        actions: [
          ...saveAreaActions(scope, next, ifMatch),
          saveContextAction(scope, {
            ...applyArea(context, area, values as never, earnedSince),
            areaRevisions: { ...context.areaRevisions, [area]: next.revision },
          }),
        ],
        audit: {
          action: 'settings.changed',
          entity: 'settings',
          entityId: area,
          before,
          after: values,
          reason: body.reason ?? null,
        },
        answer: { body: { area, values }, revision: next.revision },
        ifLost: (failed) => {
          if (lost(failed, 0) || lost(failed, 1)) throw stalePrecondition(currentRevision(failed));
        },
      };
    });
  },
});

/** A changed launch (M-131): the context it leads to, and whether it reaches back into pay periods that are paid. */
async function launchChange(
  { ports, scope }: Pick<SaveRequest, 'ports' | 'scope'>,
  context: TenantContext,
  [before, after]: readonly AreaValues[AreaName][],
) {
  const [from, to] = [before as AreaValues['propay'], after as AreaValues['propay']];
  if (from.launchDate === to.launchDate && from.includeInProgressAtLaunch === to.includeInProgressAtLaunch) return null;
  const goesBack = movesBack(from.launchDate, to.launchDate);
  const paidUntil = goesBack ? await lastPaidDay(ports.table, scope, context) : null;
  const needsConfirmation = paidUntil !== null && to.launchDate !== null && to.launchDate <= paidUntil;
  return { next: applyArea(context, 'propay', to, null), told: { paidUntil, needsConfirmation } };
}

/** Where an area names people. */
const PEOPLE_OF: Partial<Record<AreaName, string>> = { bonus: 'excludedWorkerIds', roles: 'persons' };

type SaveRequest = ApiRequest<string, never, AreaDocument, ApiPorts>;

/** Refuses values that name what is not there (M-151), and another currency once money exists. */
async function requireAllowed(
  { ports, scope, body }: Pick<SaveRequest, 'ports' | 'scope' | 'body'>,
  values: AreaValues[AreaName],
  before: AreaValues[AreaName],
  context: TenantContext,
): Promise<void> {
  const named = namedIn(body.area, values);
  await requireWorkers(ports.table, scope, named.workerIds, `/values/${PEOPLE_OF[body.area] ?? 'exemptions'}`);
  for (const [kind, known] of [
    ['branches', context.branches],
    ['divisions', context.divisions],
    ['routes', context.routes],
  ] as const) {
    const unknown = named[kind].find((id) => known[id] === undefined);
    if (unknown !== undefined) throw unknownReference(`/values/${kind}/${unknown}`, `names one of the ${kind} that is not there`);
  }
  if (body.area === 'roles') await requireUsersAmong(ports, scope, (values as AreaValues['roles']).persons);
  if (body.area === 'bonus') assertPhaseRules((values as AreaValues['bonus']).phases.rules, '/values/phases/rules');
  if (body.area === 'org') {
    const { divisionRules, nonBillableRules } = values as AreaValues['org'];
    await requireLocalDivisions(ports.table, scope, divisionRules, context.linkedDivisions);
    await requireOverhead(ports.table, scope, nonBillableRules);
  }
  if (body.area === 'pay-law') requirePremiumPayer(context, values as AreaValues['pay-law'], context.exportTargets);
  if (body.area === 'exports') requirePremiumPayer(context, context.payLaw, (values as AreaValues['exports']).targets);
  if (body.area !== 'tenant') return;
  const { currency } = values as AreaValues['tenant'];
  if (currency === (before as AreaValues['tenant']).currency) return;
  const { items } = await ports.table.query(scope, { index: 'by', partition: listPartition(scope, 'PP'), limit: 1 });
  if (items.length > 0) throw new ApiProblem('currency-fixed', { detail: 'ProPays exist in the present currency.' });
}

/** True once anything was earned: from then on another pay calendar is a change and no longer a set-up (B-132). */
async function hasItems({ ports, scope }: Pick<SaveRequest, 'ports' | 'scope'>): Promise<boolean> {
  const { items } = await ports.table.query(scope, { index: 'by', partition: listPartition(scope, 'LI'), limit: 1 });
  return items.length > 0;
}

/** The people and places that the values of an area name (M-151). */
function namedIn(
  area: AreaName,
  values: AreaValues[AreaName],
): Readonly<Record<'workerIds' | 'branches' | 'divisions' | 'routes', readonly string[]>> {
  const none = { workerIds: [], branches: [], divisions: [], routes: [] };
  switch (area) {
    case 'bonus': {
      const { excludedWorkerIds, phases } = values as AreaValues['bonus'];
      const divisions = phases.rules.flatMap((rule) => rule.divisionId ?? []);
      return { ...none, workerIds: excludedWorkerIds, branches: Object.keys(phases.branches), divisions };
    }
    case 'org': {
      const { divisionRules } = values as AreaValues['org'];
      const routes = divisionRules.flatMap((rule) => rule.routeId ?? []);
      return { ...none, branches: divisionRules.map((rule) => rule.branchId), routes };
    }
    case 'roles':
      return { ...none, workerIds: workersAmong((values as AreaValues['roles']).persons) };
    case 'payroll':
      return { ...none, branches: Object.keys((values as AreaValues['payroll']).branches) };
    case 'pay-law': {
      const { branches, exemptions } = values as AreaValues['pay-law'];
      return { ...none, workerIds: Object.keys(exemptions), branches: Object.keys(branches) };
    }
    case 'incentives': {
      const { branches, divisions, routes } = values as AreaValues['incentives'];
      const pairs = Object.keys(divisions).map((key) => key.split('|'));
      return {
        ...none,
        branches: [...Object.keys(branches), ...pairs.flatMap((pair) => (pair.length > 1 ? [pair[0]!] : []))],
        divisions: pairs.map((pair) => pair.at(-1)!),
        routes: Object.keys(routes),
      };
    }
    case 'propay': {
      const { programScopes, routeRules } = values as AreaValues['propay'];
      const scopes = programScopes === 'all' ? null : programScopes;
      const routes = [...Object.keys(routeRules), ...(scopes?.routeIds ?? [])];
      return { ...none, branches: scopes?.branchIds ?? [], divisions: scopes?.divisionIds ?? [], routes };
    }
    default:
      return none;
  }
}

function changesOf(before: AreaValues[AreaName], after: AreaValues[AreaName]): z.infer<typeof change>[] {
  const from = before as unknown as Record<string, unknown>;
  return Object.entries(after)
    .filter(([key, to]) => JSON.stringify(from[key]) !== JSON.stringify(to))
    .map(([key, to]) => ({ key, from: from[key] ?? null, to }));
}

function currentRevision(failed: readonly { readonly current: Readonly<Record<string, unknown>> | null }[]): number | null {
  const revision = failed.find(({ current }) => current?.et === 'se')?.current?.revision;
  return typeof revision === 'number' ? revision : null;
}
