import { readArea, readAreas } from '#store/settings-repository.ts';
import { SEE_SETTINGS } from '../access.ts';
import { wholeListOf } from '../edge.ts';
import { notFound } from '../problem.ts';
import { defineRoute } from '../route.ts';
import { AREAS, areaDocument, isArea, valuesOf } from './areas.ts';

/** A manager reads settings, but not those about who may see and do what. */
const SECURITY: ReadonlySet<string> = new Set(['roles', 'people']);

export const listSettings = defineRoute({
  method: 'GET',
  path: '/v1/settings',
  group: 'settings',
  summary: 'All settings areas',
  access: SEE_SETTINGS,
  answer: {
    status: 200,
    description: 'The areas with their values',
    schema: wholeListOf(areaDocument),
  },
  handler: async ({ ports, scope, actor }) => {
    const shown = AREAS.filter((area) => actor.role !== 'manager' || !SECURITY.has(area));
    const saved = await readAreas(ports.table, scope, shown);
    const items = shown.map((area, at) => ({ area, values: valuesOf(area, saved[at] ?? null) }));
    return { body: { items, nextCursor: null } };
  },
});

export const getSettings = defineRoute({
  method: 'GET',
  path: '/v1/settings/{area}',
  group: 'settings',
  summary: 'One settings area',
  access: SEE_SETTINGS,
  answer: { status: 200, description: 'The area', schema: areaDocument },
  handler: async ({ ports, scope, params, actor }) => {
    const { area } = params;
    if (!isArea(area) || (actor.role === 'manager' && SECURITY.has(area))) throw notFound();
    const saved = await readArea(ports.table, scope, area);
    return { body: { area, values: valuesOf(area, saved) }, revision: saved?.revision ?? 0 };
  },
});
