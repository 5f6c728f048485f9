import type { RowStatus } from './outcome.ts';

/** What a record counts as, beside its status: one that is kept, one that a filter leaves out. */
const STATUSES: readonly RowStatus[] = ['ok', 'warning', 'error', 'parked'];
/** Words of a key and of a content that are remembered: 128 bits each, so that no two of a million are taken for one. */
const WORDS = 4;
const FIRST_SLOTS = 1 << 12;

/**
 * Finds the rows of a file that share an identity, in some 50 bytes a row, whatever the rows hold. Records come in order, from 1.
 */
export class RepeatedRows {
  /** Of each record: key, then content. */
  #digests = new Uint32Array(FIRST_SLOTS * WORDS * 2);
  /** Of each record: the one before it with the same key; 0: none. */
  #previous = new Int32Array(FIRST_SLOTS);
  #states = new Uint8Array(FIRST_SLOTS);
  /** Open addressing by key: the last record that has it. */
  #slots = new Int32Array(FIRST_SLOTS * 2);
  #kept = 0;
  #ordinals = new Map<number, number>();
  #told = new Set<number>();

  /** A record that is to be stored. `stable`: the last one with its key counts. */
  keep(record: number, status: RowStatus, key: Uint8Array, content: Uint8Array, stable: boolean): void {
    this.#grow(record);
    this.#states[record] = STATUSES.indexOf(status) | (stable ? 8 : 0);
    this.#copy(key, record * WORDS * 2);
    this.#copy(content, record * WORDS * 2 + WORDS);
    if ((this.#kept + 1) * 2 > this.#slots.length) this.#rehash();
    this.#kept += 1;
    const slot = this.#slotOf(record);
    this.#previous[record] = this.#slots[slot]!;
    this.#slots[slot] = record;
  }

  /** Decides the place of every record among those with its key; returns how many more rows are told of, and how many are dropped. */
  settle(duplicates: 'collapse' | 'count'): { readonly warned: number; readonly dropped: number } {
    let dropped = 0;
    for (const last of this.#slots) {
      if (last === 0 || this.#previous[last] === 0) continue;
      const group: number[] = [];
      for (let record = last; record !== 0; record = this.#previous[record]!) group.push(record);
      dropped += group.some((record) => (this.#states[record]! & 8) !== 0)
        ? this.#settleVersions(group)
        : this.#settleTwins(group, duplicates);
    }
    const warned = [...this.#told].filter((record) => (this.#states[record]! & 3) === 0).length;
    return { warned, dropped };
  }

  ordinalOf(record: number): number {
    return this.#ordinals.get(record) ?? 1;
  }

  isRepeated(record: number): boolean {
    return this.#told.has(record);
  }

  /** Versions of one record: the last counts, and where they differ all of them are told. */
  #settleVersions(group: readonly number[]): number {
    const last = Math.max(...group);
    const differ = group.some((record) => this.#compareContent(record, last) !== 0);
    for (const record of group) {
      if (record !== last) this.#ordinals.set(record, 0);
      if (differ || record !== last) this.#told.add(record);
    }
    return group.length - 1;
  }

  /** Rows that only say the same of themselves: numbered in the order of what they hold, so that their order in the file does not matter. */
  #settleTwins(group: number[], duplicates: 'collapse' | 'count'): number {
    group.sort((a, b) => this.#compareContent(a, b) || a - b);
    let ordinal = 0;
    let dropped = 0;
    for (const [at, record] of group.entries()) {
      const twin = at > 0 && this.#compareContent(record, group[at - 1]!) === 0;
      if (twin && duplicates === 'collapse') {
        this.#ordinals.set(record, 0);
        this.#told.add(record);
        dropped += 1;
        continue;
      }
      ordinal += 1;
      if (ordinal > 1) this.#ordinals.set(record, ordinal);
    }
    return dropped;
  }

  #compareContent(a: number, b: number): number {
    for (let word = WORDS; word < WORDS * 2; word += 1) {
      const difference = this.#digests[a * WORDS * 2 + word]! - this.#digests[b * WORDS * 2 + word]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #sameKey(a: number, b: number): boolean {
    for (let word = 0; word < WORDS; word += 1)
      if (this.#digests[a * WORDS * 2 + word] !== this.#digests[b * WORDS * 2 + word]) return false;
    return true;
  }

  #slotOf(record: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#digests[record * WORDS * 2]! & mask;
    while (this.#slots[slot] !== 0 && !this.#sameKey(this.#slots[slot]!, record)) slot = (slot + 1) & mask;
    return slot;
  }

  #rehash(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    for (const record of old) if (record !== 0) this.#slots[this.#slotOf(record)] = record;
  }

  #copy(digest: Uint8Array, at: number): void {
    const view = new DataView(digest.buffer, digest.byteOffset);
    for (let word = 0; word < WORDS; word += 1) this.#digests[at + word] = view.getUint32(word * 4);
  }

  #grow(record: number): void {
    if (record < this.#states.length) return;
    const length = this.#states.length * 2;
    this.#digests = grown(this.#digests, new Uint32Array(length * WORDS * 2));
    this.#previous = grown(this.#previous, new Int32Array(length));
    this.#states = grown(this.#states, new Uint8Array(length));
    this.#grow(record);
  }
}

function grown<T extends { set(from: T): void }>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
