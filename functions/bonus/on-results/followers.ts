import type { ItemSource } from '#model/pay.ts';
import type { TenantScope } from '#model/scope.ts';
import type { BonusSession } from '../ports.ts';
import { settleGoal } from './settle-goal.ts';
import { settleGroupPaid } from './settle-group-paid.ts';
import { settlePaid } from './settle-paid.ts';

/** Looks at one thing's present state and brings what follows from it up to date; doing it again changes nothing. */
export type Follower = (session: BonusSession, scope: TenantScope, id: string) => Promise<void>;

/** What becomes Paid with its last item (B-92): the thing an item comes from. Null for items that stand alone. */
export function followerOf(source: ItemSource): { readonly kind: string; readonly id: string; readonly follow: Follower } | null {
  switch (source.kind) {
    case 'propay':
    case 'phase':
    case 'adjustment':
    case 'callback':
      return { kind: 'propay', id: source.proPayId, follow: settlePaid };
    case 'group':
    case 'group-adjustment':
    case 'group-callback':
      return { kind: 'group', id: source.groupId, follow: settleGroupPaid };
    case 'goal':
      return { kind: 'goal', id: source.goalId, follow: settleGoal };
    default:
      return null;
  }
}
