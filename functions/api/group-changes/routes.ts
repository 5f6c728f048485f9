import type { RouteDefinition } from '../route.ts';
import { acceptGroupChanges, dismissGroupChanges } from './decide-group-changes.ts';
import { readGroupChanges } from './read-group-changes.ts';

/** Routes of groups whose sources changed after their approval. */
export const groupChangeRoutes: readonly RouteDefinition[] = [readGroupChanges, acceptGroupChanges, dismissGroupChanges];
