import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoTokens } from './seed.ts';

/** What is remembered between starts: the sources' addresses and the moment of the recording, and which connections were made. */
export interface Remembered {
  startedAt: number;
  /** Port of each fake by provider. */
  readonly ports: Record<string, number>;
  /** With which the demo's people sign in. */
  password?: string;
  readonly tenants: Record<string, RememberedTenant>;
}

export interface RememberedTenant {
  readonly tokens: DemoTokens;
  /** Connection by provider, as far as it was made. */
  readonly connections: Record<string, string>;
  /** What its sources know of each other was linked. */
  linked?: true;
}

/** Reads what an earlier start left in the folder; on the first one nothing is known but the time. */
export function remember(workDir: string, now: number): Remembered {
  const path = fileOf(workDir);
  if (!existsSync(path)) return { startedAt: now, ports: {}, tenants: {} };
  return JSON.parse(readFileSync(path, 'utf8')) as Remembered;
}

export function keep(workDir: string, remembered: Remembered): void {
  replaceFile(fileOf(workDir), JSON.stringify(remembered));
}

/** Written whole or not at all, so that a kill leaves no half file. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function fileOf(workDir: string): string {
  return join(workDir, 'remembered.json');
}
