import type {
  GetConnectionsByIdRunsStreamsItem as Stream,
  GetConnectionsByIdRunsItem as SyncRun,
} from '#client/generated/api.ts';
import { table } from './output.ts';

/** A run in one line, for watching: the streams it is through with, and what it has read. */
export function runLine({ status, streams }: SyncRun): string {
  const done = streams.filter(({ outcome }) => outcome !== 'running').length;
  const bar = streams.map(({ outcome }) => (outcome === 'running' ? '·' : '█')).join('');
  const read = streams.reduce((sum, { counts }) => sum + seen(counts), 0);
  return `${status} ${bar} ${done} of ${streams.length} streams, ${read} records`;
}

/** A run with what each stream brought. */
export function runText(run: SyncRun): string {
  const { id, mode, trigger, status, outcome, startedAt, finishedAt, exceptionCount, error, streams } = run;
  return [
    `run ${id}: ${mode}, ${trigger}, ${outcome ?? status}${finishedAt === null ? '' : ` at ${finishedAt}`}${startedAt === null ? '' : `, began ${startedAt}`}`,
    table(
      ['stream', 'outcome', 'created', 'changed', 'unchanged', 'deleted', 'quarantined', 'parked', 'calls', 'error'],
      streams.map((one) => [one.stream, one.outcome, ...columns(one), one.calls, one.error?.detail]),
      'It has read nothing yet.',
    ),
    ...(exceptionCount > 0 ? [`${exceptionCount} records could not be taken: runs ${run.connectionId} ${id} --exceptions`] : []),
    ...(error === null ? [] : [`${error.code} (${error.who} must act): ${error.detail}`]),
  ].join('\n');
}

function columns({ counts }: Stream): readonly number[] {
  return [counts.created, counts.changed, counts.unchanged, counts.deleted, counts.quarantined, counts.parked];
}

function seen(counts: Stream['counts']): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
