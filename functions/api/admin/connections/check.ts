import type { Connection } from '#model/connection.ts';
import type { Credentials } from '#model/oauth-tokens.ts';
import type { TenantContext } from '#model/settings.ts';
import type { CheckAnswer } from '#model/sync-call.ts';
import { ApiProblem } from '../../problem.ts';
import type { AdminPorts } from '../ports.ts';

export type Checked = Extract<CheckAnswer, { ok: true }>;
interface Asking {
  readonly ports: Pick<AdminPorts, 'sync'>;
}
type Place = Pick<TenantContext, 'zone' | 'currency'>;

/** Tries credentials (or, without, the stored ones) through the integration's own function; a refusal of the source is 422. */
export async function checkOrRefuse(
  { ports }: Asking,
  connection: Connection,
  credentials: Credentials | undefined,
  { zone, currency }: Place,
): Promise<Checked> {
  const { id: connectionId, provider, settings } = connection;
  const call = { type: 'check' as const, connectionId, settings, zone, currency, ...(credentials && { credentials }) };
  const answer = await ports.sync.check(provider, call);
  if (!answer.ok) throw refusedBySource(answer);
  return answer;
}

/** Turns the code of an approval into credentials and tries them. */
export async function exchangeOrRefuse(
  { ports }: Asking,
  connection: Connection,
  approved: { readonly code: string; readonly sealed: string },
  { zone, currency }: Place,
): Promise<Checked> {
  const { id: connectionId, provider, settings } = connection;
  const call = { type: 'exchange' as const, connectionId, settings, zone, currency, ...approved };
  const answer = await ports.sync.check(provider, call);
  if (!answer.ok) throw refusedBySource(answer);
  return answer;
}

/** What the person who connects can mend themselves; everything else is a failure of the source, or of our link to it. */
const REFUSALS = new Set(['reauth_required', 'scope_missing', 'source_account_suspended', 'host_refused']);

/** A check that came to nothing, as a problem: 422 where the credentials are at fault, else 502. */
export function refusedBySource({ code, detail }: { readonly code: string; readonly detail: string }): ApiProblem {
  return new ApiProblem(REFUSALS.has(code) ? 'credentials-refused' : 'source-failed', { detail, data: { cause: code } });
}
