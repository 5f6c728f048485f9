import * as z from 'zod/mini';
import { ENTITIES } from '#model/entities.ts';
import { dateText, idText, instantText } from '../../edge.ts';

const text = z.nullable(z.string());
const instant = z.nullable(instantText);
const entity = z.enum(ENTITIES);
const short = z.string().check(z.minLength(1), z.maxLength(200));
const shortList = z.array(short).check(z.maxLength(200));

const category = z.enum(['work', 'drive', 'shop', 'leave', 'break_paid', 'break_unpaid']);

/** A shipped layout by name, a layout of one's own, or several of them: one for each kind of file (M-74). */
const oneFileProfile = z.union([short, z.looseObject({ profile: short })]);
export const fileProfileChange = z.union([oneFileProfile, z.array(oneFileProfile).check(z.maxLength(20))]);

/** The `connection.*` keys of M-150, each optional: a change names what it changes. */
export const settingsChange = z.strictObject({
  cycleMinutes: z.optional(z.int().check(z.minimum(1), z.maximum(1_440))),
  trailingDays: z.optional(z.int().check(z.minimum(7), z.maximum(60))),
  timeImportFrom: z.optional(dateText),
  entities: z.optional(z.array(entity).check(z.minLength(1))),
  ignoredStatuses: z.optional(shortList),
  statusMap: z.optional(z.record(short, z.enum(['draft', 'pending', 'scheduled', 'in_progress', 'completed', 'canceled']))),
  budgetSource: z.optional(short),
  budgetSyncEnabled: z.optional(z.boolean()),
  importWages: z.optional(z.boolean()),
  roleMap: z.optional(z.record(short, z.enum(['manager', 'crew_lead', 'worker']))),
  managerMap: z.optional(z.record(short, idText)),
  payCodeMap: z.optional(z.record(short, category)),
  employeeContactTypes: z.optional(shortList),
  recurringTypes: z.optional(shortList),
  driveLabels: z.optional(shortList),
  customFieldUses: z.optional(
    z.record(short, z.enum(['hours_budget', 'labor_budget', 'service_type', 'invoice_type', 'recurring', 'exclusion', 'ignore'])),
  ),
  budgetTimeFormat: z.optional(z.enum(['decimal_hours', 'hh_mm', 'seconds'])),
  timeTypeMap: z.optional(z.record(short, category)),
  projectAllowList: z.optional(z.array(short).check(z.maxLength(5_000))),
  branchFrom: z.optional(short),
  divisionFrom: z.optional(short),
  jobcodeLevels: z.optional(z.enum(['job>milestone', 'client>job>milestone'])),
  jobcodeMap: z.optional(z.record(short, z.enum(['job', 'milestone', 'overhead', 'drive', 'ignore', 'roll_up']))),
  fileProfile: z.optional(fileProfileChange),
  expectedFileEveryDays: z.optional(z.int().check(z.minimum(1), z.maximum(60))),
  jobcodeSettings: z.optional(
    z.record(
      short,
      z.strictObject({
        category: z.optional(category),
        overhead: z.optional(z.boolean()),
        serviceType: z.optional(short),
        budgetSource: z.optional(short),
      }),
    ),
  ),
});

export const credentialsShape = z.record(short, z.string().check(z.maxLength(4_096)));

/** What became of the records of a stream, by class. */
export const streamCounts = {
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  deleted: z.int(),
  restored: z.int(),
  skippedByStatus: z.int(),
  skippedByScope: z.int(),
  quarantined: z.int(),
  parked: z.int(),
  held: z.int(),
  staleIgnored: z.int(),
};
const counts = z.strictObject(streamCounts);
const remaining = z.strictObject({ delta: z.int(), full: z.int() });
const state = z.enum(['disconnected', 'pending', 'active', 'degraded', 'failed']);

const connectionFields = {
  id: idText,
  provider: z.string(),
  name: z.string(),
  accountName: text,
  accountId: text,
  state,
  cause: text,
  fix: text,
  cycleMinutes: z.int(),
  manualResync: z.boolean(),
  firstSyncDone: z.boolean(),
  lastSuccessfulAt: instant,
  lastSuccessfulRunId: text,
  dataAsOf: instant,
  nextRunAt: instant,
  entities: z.array(entity),
  openSetupSteps: z.array(z.string()),
  missingScopes: z.array(z.string()),
  missingFields: z.array(z.string()),
  openHolds: z.int(),
  quarantined: z.int(),
  parked: z.int(),
  resync: z.strictObject({ remaining, retryAt: instant }),
  settings: z.optional(z.record(z.string(), z.unknown())),
  disconnectedAt: instant,
  disconnectedBy: text,
  createdAt: instantText,
};

export const connectionShape = z.strictObject(connectionFields);
/** Null: the source does not take tokens back, or there were none. */
export const disconnectedShape = z.strictObject({ ...connectionFields, tokensRevoked: z.nullable(z.boolean()) });
/** Of an integration that a person approves at the source: where to open that approval. */
export const approvableConnectionShape = z.strictObject({ ...connectionFields, authorizeUrl: z.optional(z.string()) });

const runError = z.nullable(z.strictObject({ code: z.string(), who: z.enum(['customer', 'nobody', 'us']), detail: z.string() }));

export const syncStatusShape = z.strictObject({
  connectionId: idText,
  state,
  cause: text,
  fix: text,
  nextRunAt: instant,
  lastSuccessfulAt: instant,
  lastSuccessfulRunId: text,
  dataAsOf: instant,
  lastError: z.nullable(
    z.strictObject({ code: z.string(), who: z.enum(['customer', 'nobody', 'us']), detail: z.string(), runId: z.string() }),
  ),
  currentRun: z.nullable(z.strictObject({ id: z.string(), mode: z.enum(['delta', 'full']), startedAt: instant })),
  holds: z.array(z.strictObject({ runId: z.string(), entity: z.string(), count: z.int(), share: z.number(), cause: z.string() })),
  entities: z.array(
    z.strictObject({
      entity,
      status: z.enum(['never', 'running', 'succeeded', 'succeeded-with-quarantine', 'interrupted', 'failed']),
      lastRunId: text,
      lastSuccessfulAt: instant,
      lastSuccessfulRunId: text,
      dataAsOf: instant,
      counts,
    }),
  ),
});

export const runShape = z.strictObject({
  id: z.string(),
  connectionId: idText,
  trigger: z.string(),
  mode: z.enum(['delta', 'full']),
  requestedBy: text,
  status: z.enum(['queued', 'running', 'finished']),
  outcome: z.nullable(z.enum(['succeeded', 'succeeded-with-quarantine', 'interrupted', 'failed'])),
  startedAt: instant,
  finishedAt: instant,
  legs: z.int(),
  dataAsOf: instant,
  streams: z.array(
    z.strictObject({
      stream: z.string(),
      entity,
      outcome: z.string(),
      counts,
      pages: z.int(),
      calls: z.int(),
      cursorFrom: instant,
      cursorTo: instant,
      error: runError,
    }),
  ),
  exceptionCount: z.int(),
  error: runError,
});

export const exceptionShape = z.strictObject({
  entity,
  sourceId: text,
  reason: z.string(),
  field: text,
  value: text,
  since: instantText,
});

export const holdShape = z.strictObject({
  runId: z.string(),
  entity,
  count: z.int(),
  share: z.number(),
  cause: z.string(),
  ids: z.array(z.string()),
  openedAt: instantText,
  decision: z.nullable(z.enum(['confirmed', 'discarded'])),
});

export const resyncShape = z.strictObject({
  runId: z.string(),
  alreadyRunning: z.boolean(),
  mode: z.enum(['delta', 'full']),
  remaining,
  retryAt: instant,
});
