/** A capability that a function has on the table, beyond its own tenant's item collections. */
export type TableIndex = 'id' | 'by';

/** What a function may do with the table. */
export interface TableAccess {
  /** `keys` reads single items only; `full` reads, writes and queries. */
  readonly level: 'keys' | 'full';
  /** The indexes it queries; a grant names no other. */
  readonly indexes: readonly TableIndex[];
  /** Whether it also works on the schedule slots (`DUE#…`), the only keys that do not begin with a tenant. */
  readonly slots: boolean;
}

/** One Lambda function: where its code starts and what it is given. */
export interface FunctionDefinition {
  /** Name of the bundle and of the construct, for example `api-mirror`. */
  readonly name: string;
  /** Module that exports `handler`, from the root of the repository. */
  readonly entry: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /**
   * Whether it hands its own work on through a queue that feeds it: the legs of a long import, the messages of a fan-out. Lambda takes
   * more than sixteen such steps for a runaway loop and drops the next one unless it is told. Both chains end by themselves.
   */
  readonly continuesItself?: boolean;
  /** Absent where the function never touches the table. */
  readonly table?: TableAccess;
}

/** The groups of routes, each served by a function of its own and as small as P9 asks, with what it does. */
export const apiGroups = {
  mirror: 'Serves the mirror and the edits it permits',
  overrides: 'Serves local values in place of the source’s',
  bonus: 'Serves ProPays and their commands',
  approvals: 'Approves ProPays and takes it back',
  explanations: 'Explains figures and works out what would be otherwise',
  groups: 'Serves group ProPays',
  'group-members': 'Changes members of groups, dissolves groups and takes their approval back',
  'group-decisions': 'Approves groups',
  'group-changes': 'Serves groups whose sources changed after an approval',
  changes: 'Serves sources that changed after an approval',
  callbacks: 'Serves rework on approved ProPays',
  phases: 'Serves phases and what people say of them',
  'phase-decisions': 'Approves phases and releases their reserve',
  pay: 'Serves line items and statements',
  exports: 'Makes payroll exports of paid statements and serves their files',
  reports: 'Serves reports',
  goals: 'Serves Pro-Goals and their templates',
  settings: 'Serves settings, pools, definitions and rules',
  admin: 'Serves connections, API tokens and audit',
  diagnosis: 'Answers why something is missing',
  hooks: 'Takes what providers announce, and believes it only with their proof',
  uploads: 'Serves files that people upload, and links between records',
  users: 'Serves people who sign in: invitations, roles, ownership',
  webhooks: 'Serves the change feed, endpoints that are told of events, and what was delivered to them',
  docs: 'Serves health, the API description and problems; answers every unknown path',
} as const;
export type ApiGroup = keyof typeof apiGroups;
/** Their names, in the order of the table. */
export const apiGroupNames = Object.keys(apiGroups) as readonly ApiGroup[];

const BOTH_INDEXES: readonly TableIndex[] = ['id', 'by'];
// API Gateway gives up after 30 s; a function that ends a second earlier still answers with a problem of its own.
const API_TIMEOUT_SECONDS = 29;
/** How long one leg of a sync may last. The queues' visibility timeout is derived from it. */
export const SYNC_TIMEOUT_SECONDS = 180;
/** How long one batch of inputs may take to recalculate. */
export const RECALCULATION_TIMEOUT_SECONDS = 60;
const MEMORY_MB = 512;

/** The function that answers the authorizer calls of the HTTP API. */
export const authorizerFunction: FunctionDefinition = {
  name: 'api-authorizer',
  entry: 'functions/api/authorizer/handler.ts',
  timeoutSeconds: 5,
  memoryMb: MEMORY_MB,
  table: { level: 'keys', indexes: [], slots: false },
};

/** The function that Cognito asks before it makes tokens. */
export const signInClaimsFunction: FunctionDefinition = {
  name: 'identity-claims',
  entry: 'functions/api/sign-in-claims/handler.ts',
  timeoutSeconds: 5,
  memoryMb: MEMORY_MB,
};

/** The function that serves a group of routes; `docs` also answers every unknown path. `docs` and `hooks` touch no data. */
export function apiFunction(group: ApiGroup): FunctionDefinition {
  const definition = {
    name: `api-${group}`,
    entry: `functions/api/${group}/handler.ts`,
    timeoutSeconds: API_TIMEOUT_SECONDS,
    memoryMb: MEMORY_MB,
  };
  return group === 'docs' || group === 'hooks'
    ? definition
    : { ...definition, table: { level: 'full', indexes: BOTH_INDEXES, slots: group === 'admin' } };
}

/** The function of one integration: it dispatches due connections, runs their syncs and answers checks. */
export function syncFunction(provider: string): FunctionDefinition {
  return {
    name: `sync-${provider}`,
    entry: `functions/sync/${provider}/handler.ts`,
    timeoutSeconds: SYNC_TIMEOUT_SECONDS,
    memoryMb: MEMORY_MB,
    continuesItself: true,
    table: { level: 'full', indexes: BOTH_INDEXES, slots: true },
  };
}

/** The functions of the bonus layer, by what wakes them. */
export const bonusFunctions = {
  onInputs: { ...bonusFunction('on-inputs', RECALCULATION_TIMEOUT_SECONDS), continuesItself: true },
  onResults: bonusFunction('on-results', RECALCULATION_TIMEOUT_SECONDS),
  // These two go through the tenants that are due, which stand in daily slots.
  onSchedule: bonusFunction('on-schedule', 180, true),
  verification: bonusFunction('verification', 900, true),
} as const;

function bonusFunction(trigger: string, timeoutSeconds: number, slots = false): FunctionDefinition {
  return {
    name: `bonus-${trigger}`,
    entry: `functions/bonus/${trigger}/handler.ts`,
    timeoutSeconds,
    memoryMb: MEMORY_MB,
    table: { level: 'full', indexes: BOTH_INDEXES, slots },
  };
}

/** How long a batch of deliveries may take: each waits ten seconds for its receiver at most, all at the same time. */
export const DELIVERY_TIMEOUT_SECONDS = 60;

/** How long a batch of mails may take. */
export const MAIL_TIMEOUT_SECONDS = 30;

/** The functions that tell others what has happened. */
export const eventFunctions = {
  dispatch: eventFunction('dispatch', DELIVERY_TIMEOUT_SECONDS),
  deliver: { ...eventFunction('deliver', DELIVERY_TIMEOUT_SECONDS), continuesItself: true },
  mail: eventFunction('mail', MAIL_TIMEOUT_SECONDS),
} as const;

function eventFunction(work: string, timeoutSeconds: number): FunctionDefinition {
  return {
    name: `events-${work}`,
    entry: `functions/events/${work}/handler.ts`,
    timeoutSeconds,
    memoryMb: MEMORY_MB,
    table: { level: 'full', indexes: [], slots: false },
  };
}

/** Every function of the product: the list that the bundler builds and the stacks deploy. */
export function listFunctions(providers: readonly string[]): FunctionDefinition[] {
  return [
    authorizerFunction,
    signInClaimsFunction,
    ...apiGroupNames.map(apiFunction),
    ...providers.map(syncFunction),
    bonusFunctions.onInputs,
    bonusFunctions.onResults,
    bonusFunctions.onSchedule,
    bonusFunctions.verification,
    eventFunctions.dispatch,
    eventFunctions.deliver,
    eventFunctions.mail,
  ];
}
