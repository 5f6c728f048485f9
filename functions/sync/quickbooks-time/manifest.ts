import type { IntegrationManifest, StreamManifest } from '#model/manifest.ts';

/** Ten minutes, the common overlap of stamped streams (M-87). */
const STAMPED = { kind: 'watermark', overlapSeconds: 600 } as const;
/** Nothing but timesheets is ever deleted for good, but a listing that lacks a row still has to be explained (M-102). */
const SWEEP = { kind: 'sweep' } as const;

function stream(part: Omit<StreamManifest, 'dependsOn'> & Partial<Pick<StreamManifest, 'dependsOn'>>): StreamManifest {
  return { dependsOn: [], ...part };
}

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
  setupSteps: ['jobcode_levels', 'jobcode_map', 'custom_field_uses'],
  allowedHosts: ['rest.tsheets.com'],
  // At most 240 of the 300 calls that a token has in five minutes, in bursts of twenty.
  requestsPerSecond: 220 / 300,
  requestBurst: 20,
  entities: ['branch', 'client', 'worker', 'wage_record', 'job', 'milestone', 'budget_info', 'time_entry', 'drive_time'],
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
