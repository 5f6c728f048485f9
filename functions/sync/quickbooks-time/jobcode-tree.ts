import { tryRead } from '#mirror/read-fields.ts';
import type { QuarantineReason } from '#model/mapped-record.ts';
import { readId, readName, readRef } from './map/read.ts';
import { nodeRow } from './wire.ts';

/** A node of the tree as far as its place depends on it. */
export interface JobcodeNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly type: string;
}

/** Nodes by id; the reason instead of one whose row cannot be read (M-90). */
export type JobcodeNodes = ReadonlyMap<string, JobcodeNode | QuarantineReason>;

/** The source nests no deeper than this; a chain beyond it is a circle. */
const DEEPEST = 50;

/** The jobcodes met by this login. Ancestors that no page has shown are asked for by id. */
export class JobcodeTree {
  readonly #nodes = new Map<string, JobcodeNode | QuarantineReason>();
  /** Asked for, and not there: not asked for again. */
  readonly #absent = new Set<string>();
  readonly #byIds: (ids: readonly string[]) => Promise<readonly unknown[]>;

  constructor(byIds: (ids: readonly string[]) => Promise<readonly unknown[]>) {
    this.#byIds = byIds;
  }

  get nodes(): JobcodeNodes {
    return this.#nodes;
  }

  /** Takes note of rows; of one that cannot be read too, so that what stands on it is not taken for something else. */
  note(rows: readonly unknown[]): void {
    for (const raw of rows) {
      const found = nodeOf(raw);
      if (found !== null) this.#nodes.set(found.id, found.node);
    }
  }

  /** Makes sure that these jobcodes and all above them are known, as far as the source has them. */
  async complete(ids: readonly string[]): Promise<void> {
    for (let level = 0, wanted = this.#unknown(ids); wanted.length > 0 && level < DEEPEST; level += 1) {
      this.note(await this.#byIds(wanted));
      for (const id of wanted) if (!this.#nodes.has(id)) this.#absent.add(id);
      wanted = this.#unknown(ids);
    }
  }

  /** The lowest unknown nodes above the ids, themselves included. */
  #unknown(ids: readonly string[]): string[] {
    const unknown = new Set<string>();
    for (const id of ids) {
      let at: string | null = id;
      for (let depth = 0; at !== null && depth < DEEPEST; depth += 1) {
        const node: JobcodeNode | QuarantineReason | undefined = this.#nodes.get(at);
        if (node === undefined && !this.#absent.has(at)) unknown.add(at);
        at = node === undefined || typeof node === 'string' ? null : node.parentId;
      }
    }
    return [...unknown];
  }
}

/** A row as a node; null where not even its id can be read. */
function nodeOf(raw: unknown): { id: string; node: JobcodeNode | QuarantineReason } | null {
  if (typeof raw !== 'object' || raw === null) return null;
  let id: string | null = null;
  const value = Object.hasOwn(raw, 'id') ? (raw as { id: unknown }).id : null;
  tryRead(() => {
    id = readId(value, 'id');
  });
  if (id === null) return null;
  // Only what its place depends on: a jobcode with an unreadable name still stands where it stands.
  const row = nodeRow.safeParse(raw);
  if (!row.success) return { id, node: 'type_invalid' };
  let node: JobcodeNode | null = null;
  const refused = tryRead(() => {
    node = { id: id!, parentId: readRef(row.data.parent_id, 'parent_id'), type: readName(row.data.type, 'type') ?? 'regular' };
  });
  return { id, node: node ?? refused ?? 'type_invalid' };
}

/** The node and all above it, top first; what is missing or in a circle ends the chain, and `whole` is false. */
export function chainOf(nodes: JobcodeNodes, id: string): { readonly chain: readonly JobcodeNode[]; readonly whole: boolean } {
  const chain: JobcodeNode[] = [];
  const seen = new Set<string>();
  for (let at: string | null = id; at !== null; ) {
    const node = nodes.get(at);
    if (node === undefined || typeof node === 'string' || seen.has(at)) return { chain, whole: false };
    seen.add(at);
    chain.unshift(node);
    at = node.parentId;
  }
  return { chain, whole: true };
}
