import { approvePhase } from '../phases/approve-phase.ts';
import { releaseReserve } from '../phases/release-reserve.ts';
import { unapprovePhase } from '../phases/unapprove-phase.ts';
import type { RouteDefinition } from '../route.ts';

/** Approving phases and taking it back, and releasing what they have put by. */
export const phaseDecisionRoutes: readonly RouteDefinition[] = [approvePhase, unapprovePhase, releaseReserve];
