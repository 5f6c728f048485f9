import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { overrideRoutes } from './routes.ts';

/** Lambda entry of the group `overrides`. */
export const handler = createApi({ routes: overrideRoutes, ports: apiPorts() });
