import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { phaseDecisionRoutes } from './routes.ts';

/** Lambda entry of the group `phase-decisions`. */
export const handler = createApi({ routes: phaseDecisionRoutes, ports: apiPorts() });
