import type { Instant } from '#kernel/instant.ts';
import { workerKey } from '#model/keys.ts';
import { presentDivision } from '#model/linked-divisions.ts';
import { idsOfPerson } from '#model/merged-people.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { WORKER_ROLES, type WorkerState, workerState } from '#model/overrides.ts';
import type { AccessScope, Actor, Role } from '#model/people.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { readContext } from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';

/** What a token or a membership gives, before the worker behind it is asked. */
export interface Granted {
  readonly role: Role;
  readonly workerId: string | null;
  /** When the role was given; null where any role given to the worker stands in its place. */
  readonly roleAt: Instant | null;
  readonly scope: AccessScope;
}

/** What comes of it: who the worker is by now, with role and state in force. */
export interface Standing extends Pick<Actor, 'workerId' | 'formerWorkerIds' | 'role' | 'scope'> {
  readonly state: WorkerState;
  /** An admin keeps the worker from signing in (M-149). */
  readonly restricted: boolean;
}

/** Asks the worker's record about role and state that people gave it (E-2, E-3, M-149); an owner keeps theirs. */
export async function readStanding(table: Table, scope: TenantScope, granted: Granted): Promise<Standing> {
  const context = asksContext(granted) ? await readContext(table, scope, { consistent: false }) : null;
  const person = personOf(context, granted.workerId);
  const worker = await readWorker(table, scope, person.workerId, granted.role);
  const state = worker === null ? 'active' : workerState(worker);
  return {
    ...person,
    scope: scopeIn(context, granted.scope),
    role: state === 'deactivated' ? 'worker' : roleOf(granted, worker),
    state,
    restricted: worker?.own.settings?.restrictAccess ?? false,
  };
}

/** Whom a login belongs to; nobody is asked about an owner. */
async function readWorker(
  table: Table,
  scope: TenantScope,
  workerId: string | null,
  role: Role,
): Promise<MirrorRecord<'worker'> | null> {
  if (workerId === null || role === 'owner') return null;
  const item = await table.get(scope, workerKey(scope, workerId));
  return item === null ? null : decodeMirrorRecord<'worker'>(item);
}

/** The role given to the worker later, in place of one that it can stand for: nobody becomes or stops being an admin by it (M-48). */
function roleOf({ role, roleAt }: Granted, worker: MirrorRecord<'worker'> | null): Role {
  const given = worker?.own.overrides.role ?? null;
  const inPlace = given !== null && (roleAt === null || given.at > roleAt) && (WORKER_ROLES as readonly Role[]).includes(role);
  return inPlace ? given.value : role;
}

/** Only who is a worker, or is to see divisions, may be asked about under other ids. */
function asksContext({ workerId, scope }: Granted): boolean {
  return workerId !== null || scope.divisionIds.length > 0;
}

/** Who a login's worker is by now: it follows the person where two records were merged (M-149). */
function personOf(context: TenantContext | null, workerId: string | null): Pick<Actor, 'workerId' | 'formerWorkerIds'> {
  if (workerId === null || context === null) return { workerId, formerWorkerIds: [] };
  const [survivor, ...formerWorkerIds] = idsOfPerson(context, workerId);
  return { workerId: survivor!, formerWorkerIds };
}

/** Who was to see a division that another one took the place of sees that one as well (M-141). */
function scopeIn(context: TenantContext | null, scope: AccessScope): AccessScope {
  if (context === null || scope.divisionIds.length === 0) return scope;
  const present = scope.divisionIds.map((id) => presentDivision(context.linkedDivisions, id));
  return { ...scope, divisionIds: [...new Set([...scope.divisionIds, ...present])] };
}
