import { RESYNC_QUOTA, type ResyncQuota } from '#mirror/resync-quota.ts';
import type {
  AuthorizeAnswer,
  AuthorizeCall,
  CheckAnswer,
  CheckCall,
  DiscoverAnswer,
  DiscoverCall,
  ExchangeCall,
  PreviewAnswer,
  PreviewCall,
  ProbeAnswer,
  ProbeCall,
  RevokeAnswer,
  RevokeCall,
} from '#model/sync-call.ts';
import { documentClient } from '#platform/aws-dynamodb.ts';
import type { Environment } from '#platform/aws-environment.ts';
import { eventBridgeClient } from '#platform/aws-events.ts';
import { lambdaClient } from '#platform/aws-lambda.ts';
import { type EventPublisher, openPublisher } from '#platform/event-publisher.ts';
import { type FunctionCaller, openFunctionCaller } from '#platform/function-caller.ts';
import { requiredVariable } from '#platform/ports.ts';
import { openSlots, type Slots } from '#store/slots.ts';
import { openIntegrations } from '../ask-integration.ts';
import { type ApiPorts, apiPorts } from '../ports.ts';
import { routeDefiner } from '../route.ts';

/** What the administration reaches beside the table: the schedule's slots, the bus, and the functions of the integrations. */
export interface AdminPorts extends ApiPorts {
  readonly slots: Pick<Slots, 'occupy' | 'free'>;
  readonly bus: EventPublisher;
  /** Asks the provider's own function; it alone can read credentials and call the source. */
  readonly sync: SyncQuestions;
  readonly resyncQuota: ResyncQuota;
  /** How many days before the day of connecting an import may begin (M-78). */
  readonly longestImportDays: number;
}

/** Questions of the administration. */
export interface SyncQuestions {
  check(provider: string, call: CheckCall | ExchangeCall): Promise<CheckAnswer>;
  authorize(provider: string, call: AuthorizeCall): Promise<AuthorizeAnswer>;
  probe(provider: string, call: ProbeCall): Promise<ProbeAnswer>;
  discover(provider: string, call: DiscoverCall): Promise<DiscoverAnswer>;
  preview(provider: string, call: PreviewCall): Promise<PreviewAnswer>;
  revoke(provider: string, call: RevokeCall): Promise<RevokeAnswer>;
}

/** M-78. */
export const LONGEST_IMPORT_DAYS = 365;

/** Defines a route of the administration. */
export const defineAdminRoute = routeDefiner<AdminPorts>();

/** The ports of the deployed function. Throws where a variable is missing. */
export function adminPorts(environment: Environment = process.env): AdminPorts {
  const ports = apiPorts(environment);
  const call = openFunctionCaller(lambdaClient(environment));
  return {
    ...ports,
    slots: openSlots({ client: documentClient(environment), tableName: requiredVariable(environment, 'TABLE_NAME') }),
    bus: openPublisher(eventBridgeClient(environment), requiredVariable(environment, 'EVENT_BUS_NAME'), ports),
    sync: openQuestions(call, environment),
    resyncQuota: quotaOf(environment.PROTIV_RESYNC_QUOTA),
    // The demo of a recording shows the recorded days, however long ago that was.
    longestImportDays: Number(environment.PROTIV_IMPORT_DAYS ?? LONGEST_IMPORT_DAYS),
  };
}

/** The questions of the administration, to the functions that the environment names. */
export function openQuestions(call: FunctionCaller, environment: Environment): SyncQuestions {
  const ask = openIntegrations(call, environment);
  return {
    check: async (provider, payload) => (await ask(provider, payload)) as CheckAnswer,
    authorize: async (provider, payload) => (await ask(provider, payload)) as AuthorizeAnswer,
    probe: async (provider, payload) => (await ask(provider, payload)) as ProbeAnswer,
    discover: async (provider, payload) => (await ask(provider, payload)) as DiscoverAnswer,
    preview: async (provider, payload) => (await ask(provider, payload)) as PreviewAnswer,
    revoke: async (provider, payload) => (await ask(provider, payload)) as RevokeAnswer,
  };
}

/** The product's quota, or a lifted one where a local check asks for it. */
function quotaOf(lifted: string | undefined): ResyncQuota {
  if (lifted === undefined || !/^\d{1,7}$/.test(lifted)) return RESYNC_QUOTA;
  const count = Number(lifted);
  return { delta: { ...RESYNC_QUOTA.delta, count }, full: { ...RESYNC_QUOTA.full, count } };
}
