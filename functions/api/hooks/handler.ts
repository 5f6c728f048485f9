import { createApi } from '../api.ts';
import { hookPorts } from './ports.ts';
import { hookRoutes } from './routes.ts';

/** Lambda entry of the events that providers post. */
export const handler = createApi({ routes: hookRoutes, ports: hookPorts() });
