import type { RouteDefinition } from '../route.ts';
import { getHealth } from './get-health.ts';
import { getOpenApi } from './get-openapi.ts';
import { getProblem } from './get-problem.ts';
import type { DocsPorts } from './ports.ts';

/** Public routes that touch no data. */
export const docsRoutes: readonly RouteDefinition<DocsPorts>[] = [getHealth, getOpenApi, getProblem];
