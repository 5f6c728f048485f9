import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { groupDecisionRoutes } from './routes.ts';

/** Lambda entry of the group `group-decisions`. */
export const handler = createApi({ routes: groupDecisionRoutes, ports: apiPorts() });
