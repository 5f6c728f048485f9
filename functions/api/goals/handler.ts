import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { goalRoutes } from './routes.ts';

/** Lambda entry of the group `goals`. */
export const handler = createApi({ routes: goalRoutes, ports: apiPorts() });
