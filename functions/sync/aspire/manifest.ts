import type { IntegrationManifest, StreamManifest } from '#model/manifest.ts';

/** Ten minutes, the common overlap of stamped streams (M-87). */
const STAMPED = { kind: 'watermark', overlapSeconds: 600 } as const;
const WHOLE = { kind: 'whole' } as const;
/** Rows of these lists vanish without a trace as well as being switched inactive, so absence has to be proven by sweeps (M-102). */
const SWEEP = { kind: 'sweep' } as const;

function stream(
  part: Omit<StreamManifest, 'dependsOn' | 'space'> & Partial<Pick<StreamManifest, 'dependsOn' | 'space'>>,
): StreamManifest {
  return { dependsOn: [], space: part.entity as StreamManifest['space'], ...part };
}

/**
 * Aspire (youraspire.com) as data: what it supplies, how changes and deletions of each list are found, and what a connector of it may
 * call. Streams stand in the order of M-81. Budgets come along with jobs and milestones and have no list of their own.
 */
export const manifest: IntegrationManifest = {
  provider: 'aspire',
  name: 'Aspire',
  auth: 'key',
  cycles: [20, 30, 60, 120],
  manualResync: true,
  resyncModes: ['delta', 'full'],
  setupSteps: [
    { step: 'role_map', settings: ['roleMap'] },
    { step: 'wages', settings: ['importWages'] },
    { step: 'budget_source', settings: ['budgetSource'] },
    { step: 'manager_map', settings: ['managerMap'], afterFirstRun: true },
  ],
  offers: ['role', 'pay_code', 'contact_type', 'status', 'job_type'],
  allowedHosts: ['cloud-api.youraspire.com', 'cloudsandbox-api.youraspire.com', 'clouddemo-api.youraspire.com'],
  // Half of the tenant's 1,200 a minute, which all API clients of that tenant share.
  requestsPerSecond: 10,
  entities: [
    'branch',
    'division',
    'route',
    'client',
    'worker',
    'wage_record',
    'job',
    'milestone',
    'budget_info',
    'material_allocation',
    'time_entry',
    'drive_time',
  ],
  settings: {
    budgetSource: {
      default: 'ticket_hours',
      options: ['ticket_hours', 'ticket_labor'],
      touches: ['opportunities', 'work_tickets'],
    },
    importWages: { default: true, touches: ['pay_rates'] },
    // Of several roles of a login the highest counts.
    roleMap: { default: {}, touches: ['contacts'] },
    payCodeMap: { default: {}, touches: ['work_ticket_times'] },
    employeeContactTypes: { default: ['Employee'], touches: ['contacts'] },
    recurringTypes: { default: ['Contract'], touches: ['opportunities'] },
  },
  streams: [
    stream({ stream: 'branches', entity: 'branch', refresh: 'hourly', delta: WHOLE, deletes: SWEEP }),
    stream({ stream: 'divisions', entity: 'division', refresh: 'hourly', delta: WHOLE, deletes: SWEEP }),
    stream({ stream: 'routes', entity: 'route', refresh: 'hourly', delta: WHOLE, deletes: SWEEP }),
    stream({ stream: 'companies', entity: 'client', refresh: 'hourly', delta: STAMPED, deletes: SWEEP }),
    stream({ stream: 'properties', entity: 'client', space: 'property', refresh: 'hourly', delta: STAMPED, deletes: SWEEP }),
    stream({ stream: 'contacts', entity: 'worker', refresh: 'cycle', delta: STAMPED, deletes: SWEEP }),
    stream({
      stream: 'pay_rates',
      entity: 'wage_record',
      refresh: 'hourly',
      delta: WHOLE,
      deletes: SWEEP,
      dependsOn: ['contacts'],
    }),
    stream({ stream: 'opportunities', entity: 'job', also: ['budget_info'], refresh: 'cycle', delta: STAMPED, deletes: SWEEP }),
    stream({
      stream: 'work_tickets',
      entity: 'milestone',
      also: ['budget_info'],
      refresh: 'cycle',
      delta: STAMPED,
      deletes: SWEEP,
      dependsOn: ['opportunities'],
    }),
    // Neither stamp nor date: the whole list, so once a day.
    stream({
      stream: 'work_ticket_items',
      entity: 'material_allocation',
      refresh: 'daily',
      delta: WHOLE,
      deletes: SWEEP,
      dependsOn: ['work_tickets'],
      mayBeEmpty: 'Companies that plan no material on their tickets have none.',
    }),
    stream({
      stream: 'work_ticket_times',
      entity: 'time_entry',
      also: ['drive_time'],
      space: 'time',
      refresh: 'cycle',
      delta: STAMPED,
      deletes: { kind: 'window_sweep' },
      dependsOn: ['contacts'],
    }),
    stream({
      stream: 'clock_times',
      entity: 'time_entry',
      space: 'shift',
      refresh: 'cycle',
      delta: { kind: 'window', nearDays: [-2, 1], farDays: [-14, 1] },
      deletes: { kind: 'window_sweep' },
      dependsOn: ['contacts'],
    }),
  ],
  auxiliary: [
    // Roles of a contact's login decide its source role.
    { stream: 'users', touches: ['contacts'], refresh: 'hourly', delta: { kind: 'digest' } },
    // Names of service types stand on jobs and milestones.
    { stream: 'services', touches: ['opportunities', 'work_tickets'], refresh: 'hourly', delta: { kind: 'digest' } },
    // Service, invoice type and routes of a job and its milestones.
    { stream: 'opportunity_services', touches: ['opportunities', 'work_tickets'], refresh: 'cycle', delta: STAMPED },
    // Date and route of a milestone.
    {
      stream: 'work_ticket_visits',
      touches: ['work_tickets'],
      refresh: 'cycle',
      delta: { kind: 'window', parents: 'milestone', nearDays: [-2, 7], farDays: [-14, 60] },
    },
  ],
};
