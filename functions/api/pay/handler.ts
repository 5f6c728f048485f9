import { createApi } from '../api.ts';
import { payRoutes } from '../bonus/pay/routes.ts';
import { apiPorts } from '../ports.ts';

/** Lambda entry of the group `pay`. */
export const handler = createApi({ routes: payRoutes, ports: apiPorts() });
