import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { groupMemberRoutes } from './routes.ts';

/** Lambda entry of the group `group-members`. */
export const handler = createApi({ routes: groupMemberRoutes, ports: apiPorts() });
