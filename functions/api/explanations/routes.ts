import { explainGroup } from '../bonus/groups/explain-group.ts';
import { explainProPay } from '../bonus/propays/explain-propay.ts';
import { previewProPay } from '../bonus/propays/preview-propay.ts';
import type { RouteDefinition } from '../route.ts';

/** Why a figure is what it is, and what it would be otherwise. */
export const explanationRoutes: readonly RouteDefinition[] = [explainProPay, explainGroup, previewProPay];
