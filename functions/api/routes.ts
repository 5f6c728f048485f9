import { adminRoutes } from './admin/routes.ts';
import { approvalRoutes } from './approvals/routes.ts';
import { groupRoutes } from './bonus/groups/routes.ts';
import { payRoutes } from './bonus/pay/routes.ts';
import { bonusRoutes } from './bonus/routes.ts';
import { callbackRoutes } from './changes/callbacks/routes.ts';
import { changeRoutes } from './changes/routes.ts';
import { diagnosisRoutes } from './diagnosis/routes.ts';
import { docsRoutes } from './docs/routes.ts';
import { explanationRoutes } from './explanations/routes.ts';
import { exportRoutes } from './exports/routes.ts';
import { goalRoutes } from './goals/routes.ts';
import { groupChangeRoutes } from './group-changes/routes.ts';
import { groupDecisionRoutes } from './group-decisions/routes.ts';
import { groupMemberRoutes } from './group-members/routes.ts';
import { hookRoutes } from './hooks/routes.ts';
import { mirrorRoutes } from './mirror/routes.ts';
import { overrideRoutes } from './overrides/routes.ts';
import { phaseDecisionRoutes } from './phase-decisions/routes.ts';
import { phaseRoutes } from './phases/routes.ts';
import { reportRoutes } from './reports/routes.ts';
import type { RouteDefinition } from './route.ts';
import { settingsRoutes } from './settings/routes.ts';
import { uploadRoutes } from './uploads/routes.ts';
import { userRoutes } from './users/routes.ts';
import { webhookRoutes } from './webhooks/routes.ts';

/** A route as the gateway, the API description and the tests see it: everything but whom its handler talks to. */
export type Route = Omit<RouteDefinition<never>, 'handler' | 'otherMethods'>;

/** Routes whose handlers reach no further than the table. */
export const tableRoutes: readonly RouteDefinition[] = [
  ...settingsRoutes,
  ...mirrorRoutes,
  ...overrideRoutes,
  ...bonusRoutes,
  ...approvalRoutes,
  ...explanationRoutes,
  ...changeRoutes,
  ...callbackRoutes,
  ...phaseRoutes,
  ...phaseDecisionRoutes,
  ...groupRoutes,
  ...groupMemberRoutes,
  ...groupDecisionRoutes,
  ...groupChangeRoutes,
  ...payRoutes,
  ...exportRoutes,
  ...reportRoutes,
  ...goalRoutes,
];

/** Every route of the API. */
export const routes: readonly Route[] = [
  ...docsRoutes,
  ...hookRoutes,
  ...adminRoutes,
  ...diagnosisRoutes,
  ...uploadRoutes,
  ...webhookRoutes,
  ...userRoutes,
  ...tableRoutes,
];
