import { shownWages } from '#bonus/shown.ts';
import { AppError } from '#kernel/errors.ts';
import { addDays } from '#kernel/instant.ts';
import { showsSame } from '#model/bonus-block.ts';
import { workerKey, workerPartition } from '#model/keys.ts';
import { idsOfPerson } from '#model/merged-people.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { bonusBlockAction } from '#store/propay-repository.ts';
import type { Item } from '#store/table.ts';
import type { BonusSession } from '../ports.ts';

const TRIES = 6;
const NEVER = '9999-12-31';
const decodeWage = (item: Item) => decodeMirrorRecord<'wage_record'>(item);

/**
 * Keeps on a worker's record the source's wage that list rows show: the one in force and those that follow, from all rows and not from the
 * change that woke it. Those that people add stand on the record already. Yesterday's in UTC is where the kept ones begin, so that in every
 * zone the one in force is among them. Writes nothing where nothing differs, or where the worker is not there (yet). Of merged records the
 * one that stands for the person shows them (M-149).
 */
export async function markWages(session: BonusSession, scope: TenantScope, workerId: string): Promise<void> {
  const { table, now } = session.ports;
  const context = await session.context(scope);
  const ids = context === null ? [workerId] : idsOfPerson(context, workerId);
  if (ids[0] !== workerId) return markWages(session, scope, ids[0]!);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const worker = await table.get(scope, workerKey(scope, workerId));
    if (worker === null) return;
    const { bonus } = decodeMirrorRecord<'worker'>(worker);
    const read = ids.map((id) => table.queryAll(scope, { partition: workerPartition(scope, id), prefix: 'G#' }));
    const [own, ...former] = (await Promise.all(read)).map((items) => items.filter(isMirrorItem).map(decodeWage));
    const first = own!.map(({ fields }) => fields.effectiveFrom).sort()[0] ?? NEVER;
    const rows = [...former.flat().filter(({ fields }) => fields.effectiveFrom < first), ...own!];
    const next = { ...bonus, wages: shownWages(rows, addDays(now().slice(0, 10), -1)) };
    if (showsSame(bonus, next)) return;
    if ((await table.write(scope, [bonusBlockAction(worker, bonus, next)])).applied) return;
  }
  throw new AppError('worker-busy', { category: 'transient', data: { workerId } });
}
