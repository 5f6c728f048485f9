import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { bonusRoutes } from './routes.ts';

/** Lambda entry of the group `bonus`. */
export const handler = createApi({ routes: bonusRoutes, ports: apiPorts() });
