import type { RouteDefinition } from '../route.ts';

/** Routes of the mirror and of the edits it permits. */
export const mirrorRoutes: readonly RouteDefinition[] = [];
