import type { RouteDefinition } from '../../route.ts';
import { acceptCallback, dismissCallback } from './decide-callback.ts';
import { getCallback, listCallbacks } from './read-callbacks.ts';

/** Routes of rework on approved ProPays. */
export const callbackRoutes: readonly RouteDefinition[] = [listCallbacks, getCallback, acceptCallback, dismissCallback];
