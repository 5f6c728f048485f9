import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { mirrorRoutes } from './routes.ts';

/** Lambda entry of the group `mirror`. */
export const handler = createApi({ routes: mirrorRoutes, ports: apiPorts() });
