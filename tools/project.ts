import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

/** The root of the repository. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** An absolute path from parts below the root of the repository. */
export function inProject(...parts: string[]): string {
  return join(projectRoot, ...parts);
}

/** The SHA-256 of a text or of bytes, in hexadecimal: for comparing build inputs, not for records. */
export function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The digest of a file's content. Throws when it cannot be read. */
export function digestFile(path: string): string {
  return digest(readFileSync(path));
}

/** Writes a file so that a reader sees the old content or the new one, never a part; creates its folder. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}-${threadId}.draft`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}
