import type { RouteDefinition } from '../route.ts';
import { getMe } from './get-me.ts';

/** Routes of connections, people, settings, diagnosis and audit. */
export const adminRoutes: readonly RouteDefinition[] = [getMe];
