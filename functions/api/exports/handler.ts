import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { exportRoutes } from './routes.ts';

/** Lambda entry of the group `exports`. */
export const handler = createApi({ routes: exportRoutes, ports: apiPorts() });
