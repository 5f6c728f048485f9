import { refuseRow } from '#mirror/read-fields.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import { chainOf, type JobcodeNode, type JobcodeNodes } from '../jobcode-tree.ts';

/** What a jobcode is to us (M-62, M-63), and the job and milestone that it stands on. */
export interface Place {
  readonly role: Role;
  readonly clientId: string | null;
  readonly jobId: string | null;
  readonly milestoneId: string | null;
}

/**
 * `rolled_up`: below the deepest level, its time belongs to the nearest ancestor that is mirrored. `leave` and the breaks are the
 * source's own types, which are never jobs. `unknown`: the source does not tell what stands above it.
 */
export type Role =
  | 'client'
  | 'job'
  | 'milestone'
  | 'rolled_up'
  | 'overhead'
  | 'drive'
  | 'ignore'
  | 'leave'
  | 'break_paid'
  | 'break_unpaid'
  | 'unknown';

const TYPES: Readonly<Record<string, Role>> = { pto: 'leave', paid_break: 'break_paid', unpaid_break: 'break_unpaid' };
const LEVELS: Readonly<Record<string, readonly Role[]>> = {
  'job>milestone': ['job', 'milestone'],
  'client>job>milestone': ['client', 'job', 'milestone'],
};

type Levels = Pick<ConnectionSettings, 'jobcodeLevels' | 'jobcodeMap'>;

/**
 * Where a jobcode stands: by the admin's map, else by its level in the tree. Below a node that is mapped to overhead, driving or nothing
 * everything is the same, unless it is mapped itself. Refuses the row being mapped where a jobcode above cannot be read, or has a type
 * that is not known.
 */
export function placeOf(nodes: JobcodeNodes, id: string, settings: Levels): Place {
  const { chain, whole } = chainOf(nodes, id);
  const broken = chain[0] === undefined ? nodes.get(id) : nodes.get(chain[0].parentId ?? '');
  if (typeof broken === 'string') return refuseRow(broken, 'jobcodes.id', id);
  const own = chain.at(-1);
  if (own === undefined) return { role: 'unknown', clientId: null, jobId: null, milestoneId: null };
  const byType = typeRole(own);
  if (byType !== null) return { role: byType, clientId: null, jobId: null, milestoneId: null };
  // A level cannot be counted from where the top is not known: what is there waits for the node above it.
  if (!whole) return { role: 'unknown', clientId: null, jobId: chain[0]!.parentId, milestoneId: null };
  return walk(chain, settings);
}

function typeRole(node: JobcodeNode): Role | null {
  if (node.type === 'regular') return null;
  return (Object.hasOwn(TYPES, node.type) ? TYPES[node.type] : undefined) ?? refuseRow('enum_unknown', 'type', node.type);
}

function walk(chain: readonly JobcodeNode[], { jobcodeLevels = 'job>milestone', jobcodeMap = {} }: Levels): Place {
  const levels = LEVELS[jobcodeLevels] ?? LEVELS['job>milestone']!;
  let place: Place = { role: 'ignore', clientId: null, jobId: null, milestoneId: null };
  chain.forEach((node, depth) => {
    const mapped = Object.hasOwn(jobcodeMap, node.id) ? roleOfWord(jobcodeMap[node.id]!) : undefined;
    if (mapped === undefined && depth > 0 && STICKY.has(place.role)) return;
    place = step(place, node.id, mapped ?? levels[depth] ?? 'rolled_up');
  });
  return place;
}

/** An admin who has looked at a roll-up says so by the word that stands for it. */
const roleOfWord = (word: string): Role => (word === 'roll_up' ? 'rolled_up' : (word as Role));

const STICKY: ReadonlySet<Role> = new Set(['overhead', 'drive', 'ignore']);

function step(above: Place, id: string, role: Role): Place {
  switch (role) {
    case 'client':
      return { role, clientId: id, jobId: null, milestoneId: null };
    case 'job':
      return { role, clientId: above.clientId, jobId: id, milestoneId: null };
    case 'milestone':
      // A milestone needs a job above it.
      return above.jobId === null ? { ...above, role: 'ignore' } : { ...above, role, milestoneId: id };
    default:
      return { ...above, role };
  }
}
