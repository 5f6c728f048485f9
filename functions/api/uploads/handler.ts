import { createApi } from '../api.ts';
import { uploadPorts } from './ports.ts';
import { uploadRoutes } from './routes.ts';

/** Lambda entry of the group `uploads`. */
export const handler = createApi({ routes: uploadRoutes, ports: uploadPorts() });
