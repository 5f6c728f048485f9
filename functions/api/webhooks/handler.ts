import { createApi } from '../api.ts';
import { webhookPorts } from './ports.ts';
import { webhookRoutes } from './routes.ts';

/** Lambda entry of the group `webhooks`. */
export const handler = createApi({ routes: webhookRoutes, ports: webhookPorts() });
