import type { EntityName } from './entities.ts';
import { clientKey, jobKey, type Key, referenceKey, workerKey } from './keys.ts';
import type { TenantScope } from './scope.ts';

/** The key of a record where its id gives it; null where the index has to be asked. */
export function keyOfId(scope: TenantScope, entity: EntityName, id: string): Key | null {
  switch (entity) {
    case 'worker':
      return workerKey(scope, id);
    case 'job':
      return jobKey(scope, id);
    case 'client':
      return clientKey(scope, id);
    case 'branch':
    case 'division':
    case 'route':
      return referenceKey(scope, entity, id);
    default:
      return null;
  }
}
