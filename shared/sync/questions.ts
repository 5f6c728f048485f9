import type { Connector, OpenOptions } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { Vault, VaultPlace } from './vault.ts';

/** The answer to a check of credentials: who they belong to, what they may not read, and the form in which they are kept. */
export type CheckAnswer =
  | {
      readonly ok: true;
      readonly accountId: string | null;
      readonly accountName: string | null;
      readonly branchSourceIds: readonly string[];
      readonly missingScopes: readonly string[];
      readonly ciphertext: string;
    }
  | {
      readonly ok: false;
      readonly error: { readonly code: string; readonly who: 'customer' | 'nobody' | 'us'; readonly detail: string };
    };

/** Tries credentials at the source (M-111) and, when they hold, hands back their ciphertext. The secret goes nowhere else. */
export async function checkCredentials(
  connector: Connector,
  options: OpenOptions,
  vault: Vault,
  place: VaultPlace,
): Promise<CheckAnswer> {
  try {
    const found = await connector.check(options);
    return { ok: true, ...found, ciphertext: await vault.encrypt(place, options.credentials) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { ok: false, error: { code: error.code, who: error.meaning.who, detail: error.detail } };
  }
}

/** What one question to the source about one record brought (M-123). */
export type ProbeAnswer =
  | { readonly result: 'found'; readonly row: ProbedRow }
  | { readonly result: 'not_found' }
  | { readonly result: 'failed'; readonly detail: string };

export interface ProbedRow {
  readonly sourceStatus: string | null;
  readonly sourceUpdatedAt: string | null;
  readonly sourceCreatedAt: string | null;
  readonly skip: { readonly kind: string; readonly code: string; readonly rule: string } | null;
  readonly rejected: { readonly reason: string; readonly field: string | null } | null;
}

/** Asks the source for one record by id. A failed question says so: it is never "not there" (M-90). */
export async function probe(connector: Connector, options: OpenOptions, entity: string, sourceId: string): Promise<ProbeAnswer> {
  const streams = connector.manifest.streams.filter((stream) => stream.entity === entity);
  try {
    const session = await connector.open(options);
    for (const stream of streams) {
      const page = await session.fetch({ stream: stream.stream, ids: [sourceId] });
      const row = page.rows.find((one) => idOf(one) === sourceId);
      if (row) return { result: 'found', row: describe(row) };
    }
    return { result: 'not_found' };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { result: 'failed', detail: error.detail };
  }
}

const idOf = (row: MappedRow): string | null => (row.kind === 'record' ? row.record.sourceId : row.rejected.sourceId);

function describe(row: MappedRow): ProbedRow {
  if (row.kind === 'rejected') {
    const { reason, field } = row.rejected;
    return { sourceStatus: null, sourceUpdatedAt: null, sourceCreatedAt: null, skip: null, rejected: { reason, field } };
  }
  const { sourceStatus, sourceUpdatedAt, sourceCreatedAt, skip } = row.record;
  return { sourceStatus, sourceUpdatedAt, sourceCreatedAt, skip: skip ?? null, rejected: null };
}

/** Settings under which credentials are checked before a connection exists: the provider's defaults. */
export function settingsForCheck(entities: ConnectionSettings['entities'], today: string): ConnectionSettings {
  return {
    cycleMinutes: 20,
    trailingDays: 14,
    timeImportFrom: today,
    entities,
    ignoredStatuses: [],
    statusMap: {},
    budgetSource: 'ticket_hours',
    budgetSyncEnabled: true,
    importWages: false,
    roleMap: {},
    managerMap: {},
    payCodeMap: {},
    employeeContactTypes: ['Employee'],
    recurringTypes: ['Contract'],
  };
}
