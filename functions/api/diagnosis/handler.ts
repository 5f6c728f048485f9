import { adminPorts } from '../admin/ports.ts';
import { createApi } from '../api.ts';
import { diagnosisRoutes } from './routes.ts';

/** Lambda entry of the group `diagnosis`. */
export const handler = createApi({ routes: diagnosisRoutes, ports: adminPorts() });
