import type { RouteDefinition } from '../route.ts';

/** Routes of bonuses, statements and their commands. */
export const bonusRoutes: readonly RouteDefinition[] = [];
