import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { groupChangeRoutes } from './routes.ts';

/** Lambda entry of the group `group-changes`. */
export const handler = createApi({ routes: groupChangeRoutes, ports: apiPorts() });
