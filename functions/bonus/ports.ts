import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import type { SystemPorts } from '#platform/ports.ts';
import { takeNumbers } from '#store/propay-repository.ts';
import { readContext } from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';
import { gather } from './gather.ts';
import { type NoteOnJob, openJobBlocks } from './job-blocks.ts';

/** One line of the log: codes and ids of our own, never payloads. */
export type LogLine = Readonly<Record<string, unknown>>;

/** What the functions of the bonus layer use of the outside. */
export interface BonusPorts extends Pick<SystemPorts, 'now' | 'ulid'> {
  readonly table: Table;
  log(line: LogLine): void;
}

/** What belongs to one invocation: the context is read once per tenant, numbers are taken for several creations at a time. */
export interface BonusSession {
  readonly ports: BonusPorts;
  readonly requestId: string;
  /** The tenant's context; `atLeast` reads it again where the known one is older. */
  context(scope: TenantScope, atLeast?: number): Promise<TenantContext | null>;
  /** Forgets what is known of the tenant's context, after it was changed. */
  forget(scope: TenantScope): void;
  nextNumber(scope: TenantScope, name: string): Promise<number>;
  /** Puts on a job's block what one of its targets has to say there; several at once are one write. */
  readonly noteOnJob: NoteOnJob;
}

/** Opens the session of one invocation. */
export function openSession(ports: BonusPorts, requestId: string): BonusSession {
  const contexts = new Map<string, Promise<TenantContext | null>>();
  const read = (scope: TenantScope) => {
    const reading = readContext(ports.table, scope);
    contexts.set(scope.tenantId, reading);
    return reading;
  };
  return {
    ports,
    requestId,
    context: async (scope, atLeast = 0) => {
      const known = await (contexts.get(scope.tenantId) ?? read(scope));
      return known !== null && known.revision < atLeast ? read(scope) : known;
    },
    forget: (scope) => {
      contexts.delete(scope.tenantId);
    },
    nextNumber: openNumbers((scope, name, count) => takeNumbers(ports.table, scope, name, count)),
    noteOnJob: openJobBlocks(ports.table),
  };
}

type Take = (scope: TenantScope, name: string, count: number) => Promise<number>;

/** Hands out numbers one by one, taking from the store as many at once as are waited for: no gaps, few writes. */
function openNumbers(take: Take): (scope: TenantScope, name: string) => Promise<number> {
  const ask = gather<{ scope: TenantScope; name: string }, number>(async (_key, asked) => {
    const first = await take(asked[0]!.scope, asked[0]!.name, asked.length);
    return asked.map((_, index) => first + index);
  });
  return (scope, name) => ask(`${scope.tenantId} ${name}`, { scope, name });
}

/** Does something for each of a list, at most `limit` at a time; failures are handed back, not thrown. */
export async function forEachOf<T>(
  list: readonly T[],
  limit: number,
  act: (one: T) => Promise<void>,
): Promise<readonly { readonly one: T; readonly error: unknown }[]> {
  const failed: { one: T; error: unknown }[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < list.length) {
      const one = list[next++]!;
      try {
        await act(one);
      } catch (error) {
        failed.push({ one, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, list.length) }, worker));
  return failed;
}

/** What a log may say of an error: its code and stack, for us; the cause where the SDK raised it. */
export function errorLine(error: unknown): LogLine {
  if (!(error instanceof Error)) return { error: String(error) };
  const cause = error.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : undefined;
  return { error: error.stack ?? error.message, ...(cause === undefined ? {} : { cause }) };
}
