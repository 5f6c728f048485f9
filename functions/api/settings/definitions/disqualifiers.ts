import * as z from 'zod/mini';
import { DEFINITION_CATEGORIES, type DisqualifierDefinition } from '#model/settings.ts';
import { readDefinition } from '#store/settings-repository.ts';
import { CHANGE_SETTINGS, SEE_SETTINGS } from '../../access.ts';
import { requireContext } from '../../context.ts';
import { idText, wholeListOf } from '../../edge.ts';
import { notFound } from '../../problem.ts';
import { defineRoute } from '../../route.ts';
import { changeDefinition, createDefinition, deleteDefinition, type KindOf } from './change.ts';
import { countLacking } from './lacking.ts';

const fields = {
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  category: z.enum(DEFINITION_CATEGORIES),
};
const shape = { id: idText, ...fields };
const body = z.strictObject(fields);
const KIND: KindOf<'disqualifier'> = { kind: 'disqualifier', path: '/v1/disqualifiers', list: 'disqualifiers', view };

export const listDisqualifiers = defineRoute({
  method: 'GET',
  path: '/v1/disqualifiers',
  group: 'settings',
  summary: 'Questions that a ProPay has to pass, with how many Active ones lack each',
  access: SEE_SETTINGS,
  answer: {
    status: 200,
    description: 'All disqualifiers',
    schema: wholeListOf(z.strictObject({ ...shape, activePropaysWithout: z.int() }), {
      activePropays: z.strictObject({ counted: z.int(), complete: z.boolean() }),
    }),
  },
  handler: async (request) => {
    const { disqualifiers } = await requireContext(request);
    const { byId, counted, complete } = await countLacking(request.ports.table, request.scope, 'disqualifiers', disqualifiers);
    const items = disqualifiers.map((one) => ({ ...view(one), activePropaysWithout: byId.get(one.id) ?? 0 }));
    return { body: { items, nextCursor: null, activePropays: { counted, complete } } };
  },
});

export const getDisqualifier = defineRoute({
  method: 'GET',
  path: '/v1/disqualifiers/{id}',
  group: 'settings',
  summary: 'One disqualifier',
  access: SEE_SETTINGS,
  answer: { status: 200, description: 'The disqualifier', schema: z.strictObject(shape) },
  handler: async ({ ports, scope, params }) => {
    const found = await readDefinition(ports.table, scope, 'disqualifier', params.id);
    if (found === null) throw notFound();
    return { body: view(found), revision: found.revision };
  },
});

export const createDisqualifier = defineRoute({
  method: 'POST',
  path: '/v1/disqualifiers',
  group: 'settings',
  summary: 'Add a disqualifier; new ProPays hold it, Active ones only once it is pushed',
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  body,
  bodyExample: { name: 'Was everybody safe?', category: 'Safety' },
  answer: { status: 201, description: 'The disqualifier', schema: z.strictObject(shape) },
  handler: (request) => createDefinition(request, KIND, { id: request.ports.ulid(), ...request.body, revision: 1 }),
});

export const changeDisqualifier = defineRoute({
  method: 'PATCH',
  path: '/v1/disqualifiers/{id}',
  group: 'settings',
  summary: 'Change a disqualifier; ProPays keep their copy until it is pushed',
  bodyExample: { name: 'Was everybody safe?' },
  access: CHANGE_SETTINGS,
  ifMatch: true,
  body: z.partial(body),
  answer: { status: 200, description: 'The disqualifier', schema: z.strictObject(shape) },
  handler: (request) => {
    const { name, category } = request.body;
    return changeDefinition(request, KIND, (one) => ({ ...one, name: name ?? one.name, category: category ?? one.category }));
  },
});

export const deleteDisqualifier = defineRoute({
  method: 'DELETE',
  path: '/v1/disqualifiers/{id}',
  group: 'settings',
  summary: 'Delete a disqualifier; ProPays keep their copy until a sync',
  access: CHANGE_SETTINGS,
  ifMatch: true,
  answer: { status: 204, description: 'It is gone', schema: z.undefined() },
  handler: (request) => deleteDefinition(request, KIND),
});

function view({ id, name, category }: DisqualifierDefinition) {
  return { id, name, category };
}
