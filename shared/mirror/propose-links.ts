import type { EntityFields } from '#model/entities.ts';
import type { Link } from '#model/link.ts';
import type { MappedRecord } from '#model/mapped-record.ts';
import type { TargetRef } from '#model/sync-items.ts';
import type { Leg } from './leg.ts';
import { SourceError } from './source-error.ts';

/** References looked at in one run, by space. */
const LOOKED_AT = 200;
const PROPOSED = ['worker', 'job'] as const;

/**
 * Proposes links for people and jobs that this connection refers to and another one supplies (M-43): the source is asked for their numbers,
 * and where one live record of another connection has the same number, an admin is asked whether it is the same. Nothing of what the source
 * answers is stored. A delta asks about what has come to wait in it, a full run about all that waits.
 */
export async function proposeLinks(leg: Leg): Promise<void> {
  const whole = leg.openRun.mode === 'full';
  const open = new Map<string, TargetRef>();
  for (const { parent, since } of await leg.waiting.all())
    if (
      (whole || since >= leg.openRun.startedAt) &&
      leg.streamSupplying(parent.space) === null &&
      leg.targets.get(parent.id)?.kind !== 'mirrored'
    )
      open.set(parent.id, parent);
  for (const space of PROPOSED) {
    const wanted = [...open.values()].filter((one) => one.space === space).slice(0, LOOKED_AT);
    for (const record of await fetchRecords(leg, space, wanted)) {
      const target = wanted.find((one) => one.sourceId === record.sourceId);
      const number = numberOf(record);
      if (target !== undefined && number !== null) await propose(leg, target, space, number);
    }
  }
}

async function fetchRecords(leg: Leg, space: string, wanted: readonly TargetRef[]): Promise<readonly MappedRecord[]> {
  const stream = leg.manifest.streams.find((one) => one.space === space);
  if (stream === undefined || wanted.length === 0) return [];
  leg.mayReadOn();
  try {
    const page = await leg.session.fetch({ stream: stream.stream, ids: wanted.map(({ sourceId }) => sourceId) });
    return page.rows.flatMap((row) => (row.kind === 'record' ? [row.record] : []));
  } catch (error) {
    if (!(error instanceof SourceError) || error.meaning.scope === 'run') throw error;
    return [];
  }
}

function numberOf({ entity, fields }: MappedRecord): string | null {
  if (entity === 'worker') return (fields as EntityFields['worker']).employeeNumber;
  return entity === 'job' ? (fields as EntityFields['job']).number : null;
}

/** A number that several records have says nothing. */
async function propose(leg: Leg, target: TargetRef, space: (typeof PROPOSED)[number], number: string): Promise<void> {
  const { connection, ports } = leg;
  const same = (await ports.store.readNumbered(space, number)).filter(({ connectionId }) => connectionId !== connection.id);
  if (same.length !== 1) return;
  const link: Link = {
    id: `${connection.id}.${target.id}`,
    connectionId: connection.id,
    n: connection.n,
    space,
    sourceId: target.sourceId,
    targetId: same[0]!.id,
    state: 'proposed',
    basis: space === 'worker' ? 'employee_number' : 'number',
    at: ports.now(),
    decidedBy: null,
    decidedAt: null,
    revision: 1,
  };
  leg.guard();
  await ports.store.proposeLink(target.id, link);
}
