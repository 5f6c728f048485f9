import type { Connection } from '#model/connection.ts';
import { parseConnectionId } from '#model/ids.ts';
import type { Link } from '#model/link.ts';
import type { Leg } from './leg.ts';
import { type Recognisable, type Recognised, recognisable, recognise } from './same-record.ts';

const SWITCHED = ['worker', 'job'] as const;
type Switched = (typeof SWITCHED)[number];

/**
 * Proposes links of what a connection has just brought with what another one brought before it: the people, and the open jobs, of a
 * system that was disconnected or has given their type up. A delta looks at the records that it has created or that have come to be
 * recognisable otherwise, a full run at all of them, so that a run which was cut proposes nothing less. The old record is to lead to the
 * new one; an admin says whether they are the same. A tenant whose types have never moved pays for one Query a day.
 */
export async function proposeSwitch(leg: Leg): Promise<void> {
  const whole = leg.openRun.mode === 'full';
  const fresh = SWITCHED.map((space) => [space, leg.newcomers.filter(({ entity }) => entity === space)] as const);
  if (!whole && fresh.every(([, records]) => records.length === 0)) return;
  const connections = await leg.ports.store.readConnections();
  for (const [space, records] of fresh) {
    const before = new Set(connections.filter((one) => isFormer(one, leg, space)).map(({ id }) => id));
    if (before.size === 0 || leg.streamSupplying(space) === null || (!whole && records.length === 0)) continue;
    const found = await recognised(leg, space, records, before);
    const known = found.length === 0 ? NOTHING : await linked(leg, found);
    for (const one of found) if (!known.has(one.former.id)) await propose(leg, space, one);
  }
}

/** A connection that has supplied the type and does so no more. */
function isFormer({ id, disconnectedAt, settings, released }: Connection, leg: Leg, space: Switched): boolean {
  const owned = settings.entities.includes(space);
  return id !== leg.connection.id && (owned ? disconnectedAt !== null : released?.[space] !== undefined);
}

async function recognised(
  leg: Leg,
  space: Switched,
  fresh: readonly Recognisable[],
  before: ReadonlySet<string>,
): Promise<readonly Recognised[]> {
  const { store } = leg.ports;
  const own = leg.connection.id;
  const whole = leg.openRun.mode === 'full';
  const view = whole ? null : await leg.view(leg.streamSupplying(space)!.stream);
  // What this connection has itself is known by its fingerprint, and need not be read where only newcomers are looked at.
  const read = await store.readOpen(space, new Set([...before, own]), (id) => view !== null && view.get(id) !== null);
  const all = read.map(recognisable);
  const mine = new Map([...all.filter(({ connectionId }) => connectionId === own), ...fresh].map((one) => [one.id, one]));
  const former = all.filter(({ connectionId }) => before.has(connectionId));
  return recognise([...mine.values()], former);
}

/** Records that a link leads from already, whatever was decided on it: nobody is asked twice. */
async function linked(leg: Leg, found: readonly Recognised[]): Promise<ReadonlySet<string>> {
  const ids = new Set(found.map(({ former }) => former.connectionId));
  const links = await Promise.all([...ids].map((id) => leg.ports.store.readLinks(parseConnectionId(id)!.n)));
  return new Set(links.flat().map(({ id }) => id.slice(id.lastIndexOf('.') + 1)));
}

const NOTHING: ReadonlySet<string> = new Set();

async function propose(leg: Leg, space: Switched, { own, former, basis }: Recognised): Promise<void> {
  const link: Link = {
    id: `${former.connectionId}.${former.id}`,
    connectionId: former.connectionId,
    n: parseConnectionId(former.connectionId)!.n,
    space,
    sourceId: former.sourceId,
    targetId: own.id,
    state: 'proposed',
    basis,
    at: leg.ports.now(),
    decidedBy: null,
    decidedAt: null,
    revision: 1,
  };
  leg.guard();
  await leg.ports.store.proposeLink(former.id, link);
}
