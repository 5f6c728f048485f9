import type { MappedRow } from '#model/mapped-record.ts';
import { workerRow } from './wire.ts';

/** A row of `workers` → worker; a row that cannot be one is rejected with its reason (M-98), never thrown. */
export function mapWorker(raw: unknown): MappedRow {
  const row = workerRow.safeParse(raw);
  throw new Error(`__provider__: write how a row becomes a worker, this one ${row.success ? 'good' : 'bad'} (map.ts)`);
}
