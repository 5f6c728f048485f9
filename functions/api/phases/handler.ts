import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { phaseRoutes } from './routes.ts';

/** Lambda entry of the group `phases`. */
export const handler = createApi({ routes: phaseRoutes, ports: apiPorts() });
