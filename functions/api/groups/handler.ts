import { createApi } from '../api.ts';
import { groupRoutes } from '../bonus/groups/routes.ts';
import { apiPorts } from '../ports.ts';

/** Lambda entry of the group `groups`. */
export const handler = createApi({ routes: groupRoutes, ports: apiPorts() });
