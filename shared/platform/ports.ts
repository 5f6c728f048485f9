import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ulid } from '#kernel/ids.ts';
import { type Instant, instantFromMs } from '#kernel/instant.ts';
import type { Environment } from './aws-environment.ts';

/**
 * What a function takes from the machine it runs on. Everything below a handler gets these handed in, so that a test owns the clock,
 * the dice and the ids.
 */
export interface SystemPorts {
  now(): Instant;
  /** A new ULID at the present time. */
  ulid(): string;
  randomBytes(count: number): Uint8Array;
  /** 0 ≤ x < 1; for jitter, never for secrets. */
  random(): number;
  sleep(ms: number): Promise<void>;
}

/** The real clock, dice and waiting of the process. */
export function systemPorts(): SystemPorts {
  return {
    now: () => instantFromMs(Date.now()),
    ulid: () => ulid(Date.now(), randomBytes),
    randomBytes,
    random: Math.random,
    sleep: async (ms) => {
      await wait(ms);
    },
  };
}

/** Reads a variable that a function cannot work without. Throws at start-up, so that a wrong deployment fails closed (fault 74). */
export function requiredVariable(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`The environment variable ${name} is not set.`);
  return value;
}
