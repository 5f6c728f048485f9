import type { AdminPorts } from '../admin/ports.ts';
import type { RouteDefinition } from '../route.ts';
import { getDiagnosis } from './get-diagnosis.ts';

/** The question why something is missing. */
export const diagnosisRoutes: readonly RouteDefinition<AdminPorts>[] = [getDiagnosis];
