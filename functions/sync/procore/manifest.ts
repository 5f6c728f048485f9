import type { IntegrationManifest, StreamManifest } from '#model/manifest.ts';

/** Ten minutes, the common overlap of stamped streams (M-87). */
const STAMPED = { kind: 'watermark', overlapSeconds: 600 } as const;
const WHOLE = { kind: 'whole' } as const;
const SWEEP = { kind: 'sweep' } as const;
/** Shown only under projects that our service account is permitted to see: under any other, absence is loss of sight (M-66). */
const SWEEP_BY_PROJECT = { kind: 'sweep', hiddenWithJob: true } as const;

function stream(part: Omit<StreamManifest, 'dependsOn'> & Partial<Pick<StreamManifest, 'dependsOn'>>): StreamManifest {
  return { dependsOn: [], ...part };
}

/** Time types that Procore itself offers every company and that are not work on the project; all others are work until mapped (M-150). */
export const PROVIDER_TIME_TYPES: Readonly<Record<string, string>> = {
  Travel: 'drive',
  PTO: 'leave',
  Vacation: 'leave',
  Sick: 'leave',
  Holiday: 'leave',
};

/**
 * Procore as data: what it supplies, how changes and deletions of each list are found, how it logs in, and what a connector of it may
 * call. Streams stand in the order of M-81. Budgets come along with the budget lines.
 */
export const manifest: IntegrationManifest = {
  provider: 'procore',
  name: 'Procore',
  auth: 'oauth',
  oauth: {
    // A service account has no refresh token that a lost answer could cost, so it comes first.
    grants: ['client_credentials', 'authorization_code'],
    origins: {
      production: 'https://login.procore.com',
      sandbox: 'https://login-sandbox.procore.com',
      monthly: 'https://login-sandbox-monthly.procore.com',
    },
    authorizePath: '/oauth/authorize',
    tokenPath: '/oauth/token',
    revokePath: '/oauth/revoke',
    scopes: [],
    pkce: false,
    clientAuth: 'form',
    accessSeconds: 5_400,
    rotates: true,
  },
  // Procore signs nothing: a header of its own making (`destination_headers`) carries a secret.
  hooks: { header: 'x-hook-secret', proof: 'connection_secret' },
  cycles: [20, 30, 60, 120],
  manualResync: true,
  resyncModes: ['delta', 'full'],
  setupSteps: [
    // Settled by the credentials, which name it.
    { step: 'company', settings: [] },
    { step: 'project_list', settings: ['projectAllowList'] },
    { step: 'role_map', settings: ['roleMap'] },
    { step: 'time_type_map', settings: ['timeTypeMap'] },
    { step: 'manager_map', settings: ['managerMap'], afterFirstRun: true },
  ],
  offers: ['project', 'status', 'time_type', 'role', 'custom_field', 'branch_list', 'division_list'],
  allowedHosts: [
    'api.procore.com',
    'sandbox.procore.com',
    'api-monthly.procore.com',
    'login.procore.com',
    'login-sandbox.procore.com',
    'login-sandbox-monthly.procore.com',
  ],
  // An upper bound of politeness only: the numbers of the two limiters differ by app, and every answer tells the nearer one.
  requestsPerSecond: 10,
  rateHeaders: {
    limit: 'x-rate-limit-limit',
    remaining: 'x-rate-limit-remaining',
    reset: 'x-rate-limit-reset',
    leavePercent: 10,
  },
  entities: ['branch', 'division', 'route', 'worker', 'job', 'milestone', 'budget_info', 'time_entry', 'drive_time'],
  settings: {
    budgetSource: { default: 'budget_line', options: ['budget_line'], touches: ['budget_lines'] },
    projectAllowList: { touches: ['crews', 'projects', 'budget_lines', 'timecards'] },
    branchFrom: { default: 'derived', options: ['derived', 'office', 'region'], touches: ['branches', 'people', 'projects'] },
    divisionFrom: { default: 'none', options: ['none', 'department'], touches: ['departments', 'projects'] },
    timeTypeMap: { default: PROVIDER_TIME_TYPES, touches: ['timecards'] },
    customFieldUses: { default: {}, options: ['service_type', 'exclusion', 'ignore'], touches: ['projects'] },
    roleMap: { default: {}, touches: [] },
  },
  streams: [
    stream({ stream: 'branches', entity: 'branch', space: 'branch', refresh: 'hourly', delta: WHOLE, deletes: SWEEP }),
    stream({ stream: 'departments', entity: 'division', space: 'division', refresh: 'hourly', delta: WHOLE, deletes: SWEEP }),
    stream({ stream: 'crews', entity: 'route', space: 'route', refresh: 'hourly', delta: WHOLE, deletes: SWEEP_BY_PROJECT }),
    stream({ stream: 'people', entity: 'worker', space: 'worker', refresh: 'cycle', delta: WHOLE, deletes: SWEEP }),
    stream({
      stream: 'projects',
      entity: 'job',
      space: 'job',
      refresh: 'cycle',
      delta: STAMPED,
      deletes: {
        kind: 'inactive_flag',
        reason: 'A project that is listed no more may only be unpermitted; one that has ended is switched inactive.',
      },
    }),
    stream({
      stream: 'budget_lines',
      entity: 'milestone',
      space: 'milestone',
      also: ['budget_info'],
      refresh: 'cycle',
      delta: WHOLE,
      deletes: SWEEP_BY_PROJECT,
      dependsOn: ['projects'],
    }),
    stream({
      stream: 'timecards',
      entity: 'time_entry',
      space: 'time',
      also: ['drive_time'],
      refresh: 'cycle',
      delta: STAMPED,
      deletes: { kind: 'window_sweep', hiddenWithJob: true },
      dependsOn: ['people'],
    }),
  ],
  auxiliary: [],
};
