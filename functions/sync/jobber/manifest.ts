import type { IntegrationManifest, StreamManifest } from '#model/manifest.ts';

/** Ten minutes, the common overlap of stamped streams (M-87). */
const STAMPED = { kind: 'watermark', overlapSeconds: 600 } as const;
const WHOLE = { kind: 'whole' } as const;
/** Jobber lists no deleted records and its events of deletion are hints only, so absence is proven by complete listings (M-102). */
const SWEEP = { kind: 'sweep' } as const;

function stream(
  part: Omit<StreamManifest, 'dependsOn' | 'space'> & Partial<Pick<StreamManifest, 'dependsOn' | 'space'>>,
): StreamManifest {
  return { dependsOn: [], space: part.entity as StreamManifest['space'], ...part };
}

/** The label under which Jobber's own timers book driving, unless the tenant says otherwise. */
export const DRIVE_LABELS: readonly string[] = ['Drive time'];

/**
 * Jobber (GraphQL) as data: what it supplies, how changes and deletions of each list are found, and what its connector may call. Streams
 * stand in the order of M-81. Budgets come along with jobs; the branch is derived from the account (M-28).
 */
export const manifest: IntegrationManifest = {
  provider: 'jobber',
  name: 'Jobber',
  auth: 'oauth',
  oauth: {
    grants: ['authorization_code'],
    origins: { production: 'https://api.getjobber.com' },
    authorizePath: '/api/oauth/authorize',
    tokenPath: '/api/oauth/token',
    // Scopes are ticked on the app at Jobber, not asked for by address.
    scopes: [],
    pkce: false,
    clientAuth: 'form',
    accessSeconds: 3600,
    rotates: true,
  },
  hooks: { header: 'x-jobber-hmac-sha256', proof: 'client_signature' },
  cycles: [20, 30, 60, 120],
  manualResync: true,
  resyncModes: ['delta', 'full'],
  setupSteps: [
    { step: 'custom_fields', settings: ['customFieldUses'] },
    { step: 'budget_source', settings: ['budgetSource'] },
    { step: 'time_format', settings: ['budgetTimeFormat'], onlyForUse: 'hours_budget' },
    // Jobber tells no wage: people enter them for the workers that the first run brings.
    { step: 'wages', settings: [], afterFirstRun: true },
    { step: 'managers', settings: ['managerMap'], afterFirstRun: true },
  ],
  offers: ['custom_field', 'status', 'time_label'],
  allowedHosts: ['api.getjobber.com'],
  // The request limiter allows 2,500 in 300 s; the points of the queries are the client's own to count.
  requestsPerSecond: 5,
  entities: ['branch', 'client', 'worker', 'job', 'milestone', 'budget_info', 'time_entry', 'drive_time'],
  settings: {
    budgetSource: { options: ['custom_field', 'contract_price_percentage'], touches: ['jobs'] },
    customFieldUses: { options: ['hours_budget', 'labor_budget', 'service_type', 'exclusion', 'ignore'], touches: ['jobs'] },
    budgetTimeFormat: { options: ['decimal_hours', 'hh_mm', 'seconds'], touches: ['jobs'] },
    driveLabels: { default: DRIVE_LABELS, touches: ['time_sheet_entries'] },
    // By label, which is what Jobber has in place of pay codes.
    payCodeMap: { default: {}, touches: ['time_sheet_entries'] },
  },
  streams: [
    stream({
      stream: 'branches',
      entity: 'branch',
      refresh: 'hourly',
      delta: WHOLE,
      deletes: { kind: 'inactive_flag', reason: 'it stands for the account itself, without which there is no connection' },
    }),
    stream({ stream: 'clients', entity: 'client', refresh: 'hourly', delta: STAMPED, deletes: SWEEP }),
    stream({ stream: 'properties', entity: 'client', space: 'property', refresh: 'hourly', delta: WHOLE, deletes: SWEEP }),
    stream({ stream: 'users', entity: 'worker', refresh: 'cycle', delta: WHOLE, deletes: SWEEP }),
    // No filter on the stamp, but an order by it: newest first, down to the watermark.
    stream({ stream: 'jobs', entity: 'job', also: ['budget_info'], refresh: 'cycle', delta: STAMPED, deletes: SWEEP }),
    // The type has no stamp at all (M-61).
    stream({
      stream: 'visits',
      entity: 'milestone',
      refresh: 'cycle',
      delta: { kind: 'window', nearDays: [-2, 7], farDays: [-14, 60] },
      deletes: SWEEP,
      dependsOn: ['jobs'],
    }),
    stream({
      stream: 'time_sheet_entries',
      entity: 'time_entry',
      also: ['drive_time'],
      space: 'time',
      refresh: 'cycle',
      delta: STAMPED,
      deletes: { kind: 'window_sweep' },
      dependsOn: ['users'],
    }),
  ],
  auxiliary: [],
};
