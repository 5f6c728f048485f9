import { createApi } from '../api.ts';
import { callbackRoutes } from '../changes/callbacks/routes.ts';
import { apiPorts } from '../ports.ts';

/** Lambda entry of the group `callbacks`. */
export const handler = createApi({ routes: callbackRoutes, ports: apiPorts() });
