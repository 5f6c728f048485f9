import type { RouteDefinition } from '../../route.ts';
import { createGroup } from './create-group.ts';
import { editGroup } from './edit-group.ts';
import { getGroup } from './get-group.ts';
import { listGroups } from './list-groups.ts';

/** Routes of group ProPays as such. */
export const groupRoutes: readonly RouteDefinition[] = [listGroups, createGroup, getGroup, editGroup];
