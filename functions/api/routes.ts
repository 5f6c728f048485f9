import { adminRoutes } from './admin/routes.ts';
import { bonusRoutes } from './bonus/routes.ts';
import { changeRoutes } from './changes/routes.ts';
import { docsRoutes } from './docs/routes.ts';
import { goalRoutes } from './goals/routes.ts';
import { mirrorRoutes } from './mirror/routes.ts';
import type { RouteDefinition } from './route.ts';
import { settingsRoutes } from './settings/routes.ts';

/** A route as the gateway, the API description and the tests see it: everything but whom its handler talks to. */
export type Route = Omit<RouteDefinition<never>, 'handler' | 'otherMethods'>;

/** Every route of the API. */
export const routes: readonly Route[] = [
  ...docsRoutes,
  ...adminRoutes,
  ...settingsRoutes,
  ...mirrorRoutes,
  ...bonusRoutes,
  ...goalRoutes,
  ...changeRoutes,
];
