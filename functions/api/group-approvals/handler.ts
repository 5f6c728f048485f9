import { createApi } from '../api.ts';
import { apiPorts } from '../ports.ts';
import { groupApprovalRoutes } from './routes.ts';

/** Lambda entry of the group `group-approvals`. */
export const handler = createApi({ routes: groupApprovalRoutes, ports: apiPorts() });
