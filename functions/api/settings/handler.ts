import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { settingsRoutes } from './routes.ts';

/** Lambda entry of the group `settings`. */
export const handler = createApi({ routes: settingsRoutes, ports: apiPorts() });
