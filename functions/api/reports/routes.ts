import type { RouteDefinition } from '../route.ts';
import { getReport } from './read-report.ts';

/** Routes of reports. */
export const reportRoutes: readonly RouteDefinition[] = [getReport];
