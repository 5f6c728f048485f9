import { workerListSort } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { workerState } from '#model/overrides.ts';
import type { OwnFacts } from '#model/own-facts.ts';
import type { ListedAs } from '#store/propay-repository.ts';

/** A worker's place in the list of people says whether they are there (M-148). */
export function listedAs(record: MirrorRecord, next: OwnFacts): { readonly listed?: ListedAs } {
  if (record.entity !== 'worker') return {};
  const worker = record as MirrorRecord<'worker'>;
  const state = workerState({ own: next, fields: worker.fields });
  if (state === workerState(worker)) return {};
  return { listed: { sort: workerListSort(worker, state), seenRevision: record.revision } };
}
