import type { RouteDefinition } from '../route.ts';
import { deletePhasePenalty, putPhaseDisqualifier, putPhasePenalty } from './answer-phase.ts';
import { excludePhase, includePhase } from './exclude-phase.ts';
import { readPhases } from './read-phases.ts';

/** Phases of ProPays with their reserve, and what people say of them. */
export const phaseRoutes: readonly RouteDefinition[] = [
  readPhases,
  excludePhase,
  includePhase,
  putPhaseDisqualifier,
  putPhasePenalty,
  deletePhasePenalty,
];
