import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { isObject } from './json.ts';

/**
 * A small keyed store in one append-only file: what queues, deliveries and stream positions must not lose when the
 * host stops or is killed. Every change is one line, written before the call returns; opening replays the lines.
 * It guards against the end of the process, not of the machine (no fsync).
 */
export type Journal<T extends object> = {
  /** What is stored, in order of first insertion. */
  entries(): IterableIterator<[string, T]>;
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  /** Changes some members of an entry; no effect on an absent one. */
  patch(key: string, change: Partial<T>): void;
  remove(key: string): void;
  close(): void;
};

type Line = { readonly k: string; readonly v?: object; readonly p?: object };

// The file is rewritten when it holds this many lines that no longer matter, and more of them than live ones.
const STALE_LINES = 2_000;

/** Opens (or begins) a journal. A last line cut by a crash is dropped; any other unreadable line throws. */
export function openJournal<T extends object>(path: string): Journal<T> {
  mkdirSync(dirname(path), { recursive: true });
  const live = new Map<string, T>();
  let lines = existsSync(path) ? replay(readFileSync(path, 'utf8'), live) : 0;
  let file = compact();

  function compact(): number {
    const text = [...live].map(([k, v]) => `${JSON.stringify({ k, v })}\n`).join('');
    // Written aside and renamed, so that a crash leaves either the old file or the new one.
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
    lines = live.size;
    return openSync(path, 'a');
  }

  const append = (line: Line) => {
    writeSync(file, `${JSON.stringify(line)}\n`);
    lines += 1;
    if (lines - live.size < STALE_LINES || lines < 2 * live.size) return;
    closeSync(file);
    file = compact();
  };

  return {
    entries: () => live.entries(),
    get: (key) => live.get(key),
    put: (key, value) => {
      live.set(key, value);
      append({ k: key, v: value });
    },
    patch: (key, change) => {
      const old = live.get(key);
      if (old === undefined) return;
      live.set(key, { ...old, ...change });
      append({ k: key, p: change });
    },
    remove: (key) => {
      if (live.delete(key)) append({ k: key });
    },
    close: () => closeSync(file),
  };
}

function replay<T extends object>(text: string, live: Map<string, T>): number {
  const lines = text.split('\n');
  // Every whole line ends with a line feed, so what follows the last one was cut short by a crash.
  lines.pop();
  for (const line of lines) {
    const change: unknown = JSON.parse(line);
    if (!isObject(change) || typeof change.k !== 'string') throw new Error(`Not a journal line: ${line.slice(0, 100)}`);
    if (isObject(change.v)) live.set(change.k, change.v as T);
    else if (isObject(change.p)) live.set(change.k, { ...live.get(change.k), ...change.p } as T);
    else live.delete(change.k);
  }
  return lines.length;
}
