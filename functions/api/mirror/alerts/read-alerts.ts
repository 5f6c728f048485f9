import { allow } from '../../access.ts';
import { openDesk } from '../../bonus/desk.ts';
import { idParameter } from '../../query.ts';
import { defineRoute } from '../../route.ts';
import { alertsOfBrokenSettings } from './broken-settings.ts';
import { alertsOfBudgets } from './budgets.ts';
import { alertsOfConflicts } from './conflicts.ts';
import { alertsOfDifferences } from './differences.ts';
import { alertsOfGroups } from './groups.ts';
import type { AlertInputs, FoundAlerts } from './inputs.ts';
import { alertsOfInvitations } from './invitations.ts';
import { alertsOfPay } from './pay.ts';
import { alertsOfLoweredManagers, alertsOfPeopleLeft } from './people-left.ts';
import { alertsOfPolicies } from './policies.ts';
import { alertsOfProPays } from './propays.ts';
import { alertsOfReserves } from './reserves.ts';
import { ALERT_ACTIONS, type AlertItem, type AlertKind, alertsSchema, kindsFor } from './shapes.ts';

/** Where alerts come from, and which kinds each of these can find: what nobody may see is not read. */
const SOURCES: readonly {
  readonly kinds: readonly AlertKind[];
  read(inputs: AlertInputs): FoundAlerts | Promise<FoundAlerts>;
}[] = [
  {
    kinds: ['missing_wages', 'missing_budgets', 'missing_managers', 'ready_for_approval', 'progress_requests'],
    read: alertsOfProPays,
  },
  { kinds: ['missing_budgets'], read: alertsOfBudgets },
  { kinds: ['conflicts'], read: alertsOfConflicts },
  { kinds: ['people_left'], read: alertsOfPeopleLeft },
  { kinds: ['managers_lowered'], read: alertsOfLoweredManagers },
  { kinds: ['broken_settings'], read: alertsOfBrokenSettings },
  { kinds: ['source_changed'], read: alertsOfDifferences },
  { kinds: ['held_items', 'statements_to_pay', 'premiums_overdue', 'below_minimum_wage'], read: alertsOfPay },
  { kinds: ['reserve_left'], read: alertsOfReserves },
  { kinds: ['unfinished_groups', 'ready_for_approval'], read: alertsOfGroups },
  { kinds: ['invitations_needed', 'invitations_pending', 'invitations_failed'], read: alertsOfInvitations },
  { kinds: ['premium_policy_off'], read: alertsOfPolicies },
];

/** Items of a kind that the answer lists; its count goes on up to the bound of the reading. */
const LISTED = 100;

/** What asks for somebody in the bonus layer (M-157, B-183): each kind with its count, its items and the step that clears it. */
export const readAlerts = defineRoute({
  method: 'GET',
  path: '/v1/alerts',
  group: 'mirror',
  summary: 'What asks for somebody: missing figures, work to approve, items and statements to settle',
  access: allow('A', 'A', 'S', 'C', 'O', 'R'),
  query: {
    branchId: idParameter('Only of this branch'),
    divisionId: idParameter('Only of this division'),
    managerId: idParameter('Only of the jobs of this manager'),
  },
  answer: { status: 200, description: 'The kinds of which there is something, counted up to 1,000', schema: alertsSchema },
  handler: async (request) => {
    const { actor, query } = request;
    const kinds = kindsFor(actor.role);
    const inputs: AlertInputs = { request, desk: await openDesk(request), filters: query };
    const sources = SOURCES.filter((source) => source.kinds.some((kind) => kinds.includes(kind)));
    const found = await Promise.all(sources.map((source) => source.read(inputs)));
    return {
      body: {
        items: kinds.flatMap((kind) => {
          const items: readonly AlertItem[] = found.flatMap((alerts) => alerts[kind] ?? []);
          if (items.length === 0) return [];
          return [{ kind, count: items.length, items: items.slice(0, LISTED), action: ALERT_ACTIONS[kind] }];
        }),
      },
    };
  },
});
