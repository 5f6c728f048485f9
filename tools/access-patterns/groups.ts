import { type AccessPattern, batchGet, EVENTUAL, getItem, query, queryIndex, type StoredItem } from './shape.ts';
import { groups } from './store.ts';

/** How groups are read. */
export const groupPatterns: readonly AccessPattern[] = [
  {
    name: 'A group with everything that it is calculated from',
    keys: ['groupPartition', 'groupKey', 'groupResultKey', 'groupMemberKey'],
    range: '`{t}#G#<group>`, whole',
    reads: [query('of the partition')],
    note: 'about 1 KB a member: 500 of them are 125 ru',
    users: [groups.readGroup],
  },
  {
    name: 'Groups by status, branch and period',
    keys: ['listPartition', 'groupSort', 'groupKey', 'groupResultKey', 'differenceKey'],
    range: '`by`: `{t}#L#GRP` / `<status>#<branch>#<first day>#<group>`',
    reads: [
      queryIndex('by', 'of the keys'),
      batchGet('of the headers', EVENTUAL),
      batchGet('of each row’s result and difference', EVENTUAL),
    ],
    users: ['functions/api/bonus/groups/list-groups.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Groups to verify at night',
    keys: ['listPartition', 'groupSort'],
    range: '`by`: `{t}#L#GRP` / `Active#` and `Approved#`',
    reads: [queryIndex('by', 'for each of the two ranges')],
    users: ['functions/bonus/verification/verify-groups.ts'],
  },
  {
    name: 'What one member has left in its group',
    keys: ['groupMemberKey'],
    range: '`{t}#G#<group>` / `M#<propay>`',
    reads: [getItem('of the contribution')],
    users: [groups.readContribution],
  },
  {
    name: 'Header of a group by id',
    keys: ['groupKey'],
    range: '`{t}#G#<group>` / `G`',
    reads: [getItem('of the header')],
    users: [groups.readGroupHeader],
  },
];

/** What is stored of groups. */
export const groupItems: readonly StoredItem[] = [
  {
    name: 'group',
    mark: 'gr',
    keys: ['groupKey', 'byNumber', 'listPartition', 'groupSort'],
    indexes: ['id', 'by'],
    writers: [groups.createGroupActions, groups.updateGroupAction, groups.touchGroupAction, groups.membershipActions],
  },
  {
    name: 'its result',
    mark: 'gx',
    keys: ['groupResultKey'],
    indexes: [],
    writers: [groups.createGroupActions, groups.updateGroupResultAction],
  },
  {
    name: 'what a member leaves in its group: the membership',
    mark: 'gm',
    keys: ['groupMemberKey'],
    indexes: [],
    writers: [groups.membershipActions, groups.changedContribution, groups.removeContributionAction],
  },
];
