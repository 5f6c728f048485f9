import type { IntegrationManifest, StreamManifest } from '#model/manifest.ts';

/** Ten minutes, the common overlap of stamped streams (M-87). */
const STAMPED = { kind: 'watermark', overlapSeconds: 600 } as const;
/** Nothing but timesheets is ever deleted for good, but a listing that lacks a row still has to be explained (M-102). */
const SWEEP = { kind: 'sweep' } as const;

function stream(part: Omit<StreamManifest, 'dependsOn'> & Partial<Pick<StreamManifest, 'dependsOn'>>): StreamManifest {
  return { dependsOn: [], ...part };
}

/** What the tree of jobcodes decides. */
const BY_JOBCODE = ['clients', 'jobs', 'milestones', 'timesheets'];

/**
 * QuickBooks Time (TSheets REST v1) as data. Clients, jobs and milestones are levels of one tree of jobcodes, so three streams read the
 * same list, and each keeps the nodes of its own level (M-62). Budgets come along with jobs and milestones.
 */
export const manifest: IntegrationManifest = {
  provider: 'quickbooks-time',
  name: 'QuickBooks Time',
  auth: 'oauth',
  oauth: {
    grants: ['authorization_code', 'static_token'],
    origins: { production: 'https://rest.tsheets.com' },
    authorizePath: '/api/v1/authorize',
    tokenPath: '/api/v1/grant',
    scopes: [],
    pkce: false,
    clientAuth: 'form',
    accessSeconds: 864_000,
    rotates: true,
    keep: { companyId: 'company_id', clientUrl: 'client_url' },
  },
  cycles: [20, 30, 60, 120],
  manualResync: true,
  resyncModes: ['delta', 'full'],
  setupSteps: [
    { step: 'jobcode_levels', settings: ['jobcodeLevels'] },
    { step: 'jobcode_map', settings: ['jobcodeMap'] },
    { step: 'custom_field_uses', settings: ['customFieldUses'] },
    { step: 'budget_source', settings: ['budgetSource'] },
    { step: 'wages', settings: ['importWages'] },
    { step: 'manager_map', settings: ['managerMap'], afterFirstRun: true },
  ],
  offers: ['custom_field', 'jobcode', 'status', 'branch_list'],
  allowedHosts: ['rest.tsheets.com'],
  // At most 240 of the 300 calls that a token has in five minutes, in bursts of twenty.
  requestsPerSecond: 220 / 300,
  requestBurst: 20,
  entities: ['branch', 'client', 'worker', 'wage_record', 'job', 'milestone', 'budget_info', 'time_entry', 'drive_time'],
  settings: {
    budgetSource: { options: ['custom_field', 'project_estimate'], touches: ['jobs', 'milestones'] },
    customFieldUses: {
      options: ['hours_budget', 'labor_budget', 'service_type', 'invoice_type', 'recurring', 'exclusion', 'ignore'],
      touches: ['jobs', 'milestones'],
    },
    budgetTimeFormat: {
      default: 'decimal_hours',
      options: ['decimal_hours', 'hh_mm', 'seconds'],
      touches: ['jobs', 'milestones'],
    },
    importWages: { default: false, touches: ['pay_rates'] },
    // Words of the field with the use `recurring` that mean it, beside yes.
    recurringTypes: { default: [], touches: ['jobs'] },
    branchFrom: {
      default: 'derived',
      options: ['derived', 'group', 'custom_field:*'],
      touches: ['branches', 'users', 'jobs'],
    },
    jobcodeLevels: { default: 'job>milestone', options: ['job>milestone', 'client>job>milestone'], touches: BY_JOBCODE },
    jobcodeMap: { options: ['job', 'milestone', 'overhead', 'drive', 'ignore', 'roll_up'], touches: BY_JOBCODE },
    jobcodeSettings: { default: {}, touches: BY_JOBCODE },
  },
  streams: [
    stream({
      stream: 'branches',
      entity: 'branch',
      space: 'branch',
      refresh: 'hourly',
      delta: { kind: 'whole' },
      deletes: SWEEP,
    }),
    stream({
      stream: 'clients',
      list: 'jobcodes',
      entity: 'client',
      space: 'client',
      refresh: 'hourly',
      delta: STAMPED,
      deletes: SWEEP,
      mayBeEmpty: 'by default the top level of jobcodes are jobs, and the source knows no clients besides',
    }),
    stream({ stream: 'users', entity: 'worker', space: 'worker', refresh: 'cycle', delta: STAMPED, deletes: SWEEP }),
    stream({
      stream: 'pay_rates',
      entity: 'wage_record',
      space: 'wage_record',
      refresh: 'hourly',
      delta: STAMPED,
      deletes: SWEEP,
      dependsOn: ['users'],
    }),
    stream({
      stream: 'jobs',
      list: 'jobcodes',
      entity: 'job',
      space: 'job',
      also: ['budget_info'],
      refresh: 'cycle',
      delta: STAMPED,
      deletes: SWEEP,
    }),
    stream({
      stream: 'milestones',
      list: 'jobcodes',
      entity: 'milestone',
      space: 'milestone',
      also: ['budget_info'],
      refresh: 'cycle',
      delta: STAMPED,
      deletes: SWEEP,
    }),
    stream({
      stream: 'timesheets',
      entity: 'time_entry',
      also: ['drive_time'],
      space: 'time',
      refresh: 'cycle',
      delta: STAMPED,
      // Deleted timesheets stand on a list of their own for 180 days.
      deletes: { kind: 'window_sweep', feedDays: 180 },
      // The jobcode tells work from leave, breaks and driving.
      dependsOn: ['users', 'jobs'],
    }),
  ],
  auxiliary: [
    // Status and dates of a jobcode that is a project; the list has no filter, so it is read whole and compared by stamp.
    { stream: 'projects', touches: ['jobs', 'milestones'], refresh: 'cycle', delta: STAMPED },
    // Budgets in seconds of those projects.
    { stream: 'estimates', touches: ['jobs', 'milestones'], refresh: 'hourly', delta: { kind: 'digest' } },
  ],
};
