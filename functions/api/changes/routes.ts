import type { RouteDefinition } from '../route.ts';
import { acceptSourceChanges, dismissSourceChanges } from './source-changes/decide-source-changes.ts';
import { readSourceChanges } from './source-changes/read-source-changes.ts';

/** Routes of sources that changed after an approval. */
export const changeRoutes: readonly RouteDefinition[] = [readSourceChanges, acceptSourceChanges, dismissSourceChanges];
