import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DataChange, StoredLists } from './data-change.ts';
import type { EntitySpec, SourceDataset } from './dataset.ts';
import { TenantData } from './tenant-data.ts';

/** The data of a tenant that outlive the process, and the way new changes are kept. */
export type TenantState = {
  readonly data: TenantData;
  /** Remembers a change until the action it belongs to is over. */
  note(change: DataChange): void;
  /** Keeps the changes noted since the last call, as one line: after a kill all of them are there or none. */
  write(): void;
};

/** The recorded company a tenant began with. Written once: dates are not moved again by a later start. */
type Base = { readonly format: number; readonly source: string; readonly tenant: string; readonly dataset: SourceDataset };
/** The rows at a moment; the journal of the same number goes on from there. */
type Snapshot = { readonly number: number; readonly lists: StoredLists };

const FORMAT = 1;
/** A journal with more lines than this becomes a snapshot at the next start. */
const LONG_JOURNAL = 1_000;
const LINE_FEED = 0x0a;

/**
 * Opens (or begins) the kept state of one tenant under a folder: `base.json`, perhaps `snapshot.json`, and the journal of the changes
 * since, one JSON array of changes a line. It guards against the end of the process, not of the machine (no fsync). A last line cut by
 * a kill is dropped; throws for anything else that cannot be read, and for a folder of another source.
 */
export function openTenantState(
  folder: string,
  source: string,
  tenant: { readonly id: string; readonly dataset: SourceDataset },
  entities: readonly EntitySpec[],
): TenantState {
  const own = join(folder, `tenant-${encodeURIComponent(tenant.id)}`);
  mkdirSync(own, { recursive: true });
  const data = new TenantData(tenant.id, openBase(join(own, 'base.json'), source, tenant), entities);
  const snapshotPath = join(own, 'snapshot.json');
  const snapshot = existsSync(snapshotPath) ? readJson<Snapshot>(snapshotPath) : null;
  if (snapshot !== null) data.restore(snapshot.lists);
  let number = snapshot?.number ?? 0;
  if (replay(journalPath(own, number), data) > LONG_JOURNAL) {
    number += 1;
    // The snapshot names its journal, so a kill before the old journal is gone cannot make its changes a second time.
    writeWhole(snapshotPath, { number, lists: data.stored() } satisfies Snapshot);
  }
  const journal = journalPath(own, number);
  for (const name of readdirSync(own)) {
    if (name.startsWith('journal-') && join(own, name) !== journal) rmSync(join(own, name));
  }
  return { data, ...openWriter(journal) };
}

function openBase(path: string, source: string, tenant: { readonly id: string; readonly dataset: SourceDataset }): SourceDataset {
  if (!existsSync(path)) {
    writeWhole(path, { format: FORMAT, source, tenant: tenant.id, dataset: tenant.dataset } satisfies Base);
  }
  // Also the first start takes what was written, so that no later one can differ from it.
  const base = readJson<Base>(path);
  if (base.format !== FORMAT || base.source !== source || base.tenant !== tenant.id) {
    throw new Error(`${path} is not the state of tenant ${tenant.id} of ${source} in format ${FORMAT}`);
  }
  return base.dataset;
}

function journalPath(own: string, number: number): string {
  return join(own, `journal-${number}.jsonl`);
}

/** Makes the changes of a journal again and tells how many lines it has; cuts off a line the writer did not finish. */
function replay(path: string, data: TenantData): number {
  if (!existsSync(path)) return 0;
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf(LINE_FEED) + 1;
  // Cut off, not only skipped: the next line must not be written behind it.
  if (whole < bytes.length) truncateSync(path, whole);
  const lines = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
  lines.forEach((line, index) => {
    try {
      for (const change of JSON.parse(line) as DataChange[]) data.apply(change);
    } catch (error) {
      throw new Error(`${path}: line ${index + 1} cannot be replayed`, { cause: error });
    }
  });
  return lines.length;
}

function openWriter(journal: string): Pick<TenantState, 'note' | 'write'> {
  let noted: string[] = [];
  let length = existsSync(journal) ? statSync(journal).size : 0;
  return {
    note: (change) => {
      noted.push(JSON.stringify(change));
    },
    write: () => {
      if (noted.length === 0) return;
      const line = Buffer.from(`[${noted.join(',')}]\n`);
      try {
        appendFileSync(journal, line);
      } catch (error) {
        // A full disk can leave half a line; the next one, which brings these changes again, must not stand behind it.
        if (existsSync(journal)) truncateSync(journal, length);
        throw error;
      }
      length += line.length;
      noted = [];
    },
  };
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** Writes aside and renames, so that a kill leaves the old file or the new one. */
function writeWhole(path: string, content: object): void {
  writeFileSync(`${path}.new`, JSON.stringify(content));
  renameSync(`${path}.new`, path);
}
