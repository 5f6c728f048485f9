import type { RouteDefinition } from '../route.ts';
import type { HookPorts } from './ports.ts';
import { takeHook } from './take-hook.ts';

/** Routes that providers post their events to. */
export const hookRoutes: readonly RouteDefinition<HookPorts>[] = [takeHook];
