import type { Instant } from '#kernel/instant.ts';
import { shorten } from './codec.ts';
import { referenceKey } from './keys.ts';
import { ENTITY_MARKS, ITEM_VERSION, type MirrorItem } from './mirror-item.ts';
import type { MirrorRecord } from './mirror-record.ts';
import type { TenantScope } from './scope.ts';

/** A division that was made here (E-10): people alone write it. */
export interface LocalDivision {
  readonly id: string;
  readonly name: string;
  readonly branchId: string;
  readonly active: boolean;
  readonly revision: number;
}

/** The connection number of what comes from no connection. */
const NOBODY = 0;

/** A local division in its stored form: among the mirrored ones, so that lists, sight and the context meet all of them alike. */
export function encodeLocalDivision(scope: TenantScope, division: LocalDivision, at: Instant): MirrorItem {
  const { id, name, branchId, active, revision } = division;
  return {
    ...referenceKey(scope, 'division', id),
    ...{ et: ENTITY_MARKS.division, v: ITEM_VERSION, en: 'division', id, sp: 'division' },
    ...{ c: NOBODY, x: id, h: '', sr: revision, fence: 0, mv: 0, r1: '', r2: '', ra: at },
    s: shorten({ name, code: null, branchId, overhead: false, active, origin: 'local' }),
  };
}

/** The local division that a record is; null for a mirrored one. */
export function localDivisionOf({ id, fields, revision }: MirrorRecord<'division'>): LocalDivision | null {
  const { name, branchId, active, origin } = fields;
  return origin === 'local' && branchId !== null ? { id, name, branchId, active, revision } : null;
}
