import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { approvalRoutes } from './routes.ts';

/** Lambda entry of the group `approvals`. */
export const handler = createApi({ routes: approvalRoutes, ports: apiPorts() });
