import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { changeRoutes } from './routes.ts';

/** Lambda entry of the group `changes`. */
export const handler = createApi({ routes: changeRoutes, ports: apiPorts() });
