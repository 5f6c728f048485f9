import type { RouteDefinition } from '../route.ts';
import { acceptCallback, dismissCallback } from './callbacks/decide-callback.ts';
import { getCallback, listCallbacks } from './callbacks/read-callbacks.ts';
import { acceptSourceChanges, dismissSourceChanges } from './source-changes/decide-source-changes.ts';
import { readSourceChanges } from './source-changes/read-source-changes.ts';

/** Routes of what comes after an approval: changed sources, and rework. */
export const changeRoutes: readonly RouteDefinition[] = [
  readSourceChanges,
  acceptSourceChanges,
  dismissSourceChanges,
  listCallbacks,
  getCallback,
  acceptCallback,
  dismissCallback,
];
