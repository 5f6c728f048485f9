import { createApi } from '../api.ts';
import { userPorts } from './ports.ts';
import { userRoutes } from './routes.ts';

/** Lambda entry of the group `users`. */
export const handler = createApi({ routes: userRoutes, ports: userPorts() });
