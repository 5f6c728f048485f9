import { setTimeout as wait } from 'node:timers/promises';
import { ask, type DemoDesk } from './connect.ts';

/** How often it is looked whether a run has ended. */
const LOOK_EVERY_MS = 1_000;

/**
 * Links what the sources of one tenant know of each other, as an admin would (M-43): waits for the first sync of each, has them read whole so
 * that people and jobs with the same number are proposed, and confirms what is proposed.
 */
export async function linkSources(desk: DemoDesk, connectionIds: readonly string[], signal: AbortSignal): Promise<void> {
  for (const id of connectionIds) await until(desk, `/v1/connections/${id}`, (card) => card.firstSyncDone === true, signal);
  for (const id of connectionIds) {
    const { runId } = await ask(desk, 'POST', `/v1/connections/${id}/resyncs`, { mode: 'full' }, signal);
    await until(desk, `/v1/connections/${id}/runs/${String(runId)}`, (run) => run.status === 'finished', signal);
  }
  const { items } = await ask(desk, 'GET', '/v1/links?state=proposed', undefined, signal);
  for (const { id } of items as { readonly id: string }[]) await ask(desk, 'POST', `/v1/links/${id}/confirm`, {}, signal);
}

async function until(
  desk: DemoDesk,
  path: string,
  isDone: (answer: Readonly<Record<string, unknown>>) => boolean,
  signal: AbortSignal,
): Promise<void> {
  while (!isDone(await ask(desk, 'GET', path, undefined, signal))) await wait(LOOK_EVERY_MS, undefined, { signal });
}
