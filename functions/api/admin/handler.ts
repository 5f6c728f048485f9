import { createApi } from '../api.ts';
import { adminPorts } from './ports.ts';
import { adminRoutes } from './routes.ts';

/** Lambda entry of the group `admin`. */
export const handler = createApi({ routes: adminRoutes, ports: adminPorts() });
