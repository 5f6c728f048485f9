import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { explanationRoutes } from './routes.ts';

/** Lambda entry of the group `explanations`. */
export const handler = createApi({ routes: explanationRoutes, ports: apiPorts() });
