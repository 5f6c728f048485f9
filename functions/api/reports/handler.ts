import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { reportRoutes } from './routes.ts';

/** Lambda entry of the group `reports`. */
export const handler = createApi({ routes: reportRoutes, ports: apiPorts() });
