import * as z from 'zod/mini';
import { refuse } from '#kernel/errors.ts';
import { MAX_CENTS } from '#kernel/money.ts';
import { DEFINITION_CATEGORIES, type PenaltyDefinition } from '#model/settings.ts';
import { readDefinition } from '#store/settings-repository.ts';
import { CHANGE_SETTINGS, SEE_SETTINGS } from '../../access.ts';
import { requireContext } from '../../context.ts';
import { centsOf, idText, moneyOf, moneyText, wholeListOf } from '../../edge.ts';
import { notFound } from '../../problem.ts';
import { defineRoute } from '../../route.ts';
import { changeDefinition, createDefinition, deleteDefinition, type KindOf } from './change.ts';
import { countLacking } from './lacking.ts';

const fields = {
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  category: z.enum(DEFINITION_CATEGORIES),
  kind: z.enum(['fixed', 'set_at_approval']),
};
const shape = { id: idText, ...fields, amount: z.nullable(moneyText) };
const body = z.strictObject({ ...fields, amount: z.optional(z.nullable(moneyText)) });
const KIND: KindOf<'penalty'> = { kind: 'penalty', path: '/v1/penalties', list: 'penalties', view };

export const listPenalties = defineRoute({
  method: 'GET',
  path: '/v1/penalties',
  group: 'settings',
  summary: 'Amounts that may come off the worker share, with how many Active ProPays lack each',
  access: SEE_SETTINGS,
  answer: {
    status: 200,
    description: 'All penalties',
    schema: wholeListOf(z.strictObject({ ...shape, activePropaysWithout: z.int() }), {
      activePropays: z.strictObject({ counted: z.int(), complete: z.boolean() }),
    }),
  },
  handler: async (request) => {
    const { penalties } = await requireContext(request);
    const { byId, counted, complete } = await countLacking(request.ports.table, request.scope, 'penalties', penalties);
    const items = penalties.map((one) => ({ ...view(one), activePropaysWithout: byId.get(one.id) ?? 0 }));
    return { body: { items, nextCursor: null, activePropays: { counted, complete } } };
  },
});

export const getPenalty = defineRoute({
  method: 'GET',
  path: '/v1/penalties/{id}',
  group: 'settings',
  summary: 'One penalty',
  access: SEE_SETTINGS,
  answer: { status: 200, description: 'The penalty', schema: z.strictObject(shape) },
  handler: async ({ ports, scope, params }) => {
    const found = await readDefinition(ports.table, scope, 'penalty', params.id);
    if (found === null) throw notFound();
    return { body: view(found), revision: found.revision };
  },
});

export const createPenalty = defineRoute({
  method: 'POST',
  path: '/v1/penalties',
  group: 'settings',
  summary: 'Add a penalty; new ProPays hold it, Active ones only once it is pushed',
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  body,
  bodyExample: { name: 'Late paperwork', category: 'Paperwork', kind: 'fixed', amount: '15.00' },
  answer: { status: 201, description: 'The penalty', schema: z.strictObject(shape) },
  handler: (request) =>
    createDefinition(request, KIND, checked({ id: request.ports.ulid(), ...inCents(request.body), revision: 1 })),
});

export const changePenalty = defineRoute({
  method: 'PATCH',
  path: '/v1/penalties/{id}',
  group: 'settings',
  summary: 'Change a penalty; ProPays keep their copy until it is pushed',
  bodyExample: { name: 'Left the site dirty' },
  access: CHANGE_SETTINGS,
  ifMatch: true,
  body: z.partial(body),
  answer: { status: 200, description: 'The penalty', schema: z.strictObject(shape) },
  handler: (request) => {
    const { amount, ...plain } = request.body;
    const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
    return changeDefinition(request, KIND, (one) => {
      const kept = (plain.kind ?? one.kind) === 'fixed' ? one.amountCents : null;
      return checked({ ...one, ...given, amountCents: amount === undefined ? kept : centsOrNull(amount) });
    });
  },
});

export const deletePenalty = defineRoute({
  method: 'DELETE',
  path: '/v1/penalties/{id}',
  group: 'settings',
  summary: 'Delete a penalty; ProPays keep their copy until a sync',
  access: CHANGE_SETTINGS,
  ifMatch: true,
  answer: { status: 204, description: 'It is gone', schema: z.undefined() },
  handler: (request) => deleteDefinition(request, KIND),
});

function inCents({ amount, ...rest }: z.infer<typeof body>): Omit<PenaltyDefinition, 'id' | 'revision'> {
  return { ...rest, amountCents: centsOrNull(amount ?? null) };
}

function centsOrNull(amount: string | null): number | null {
  return amount === null ? null : centsOf(amount, '/amount');
}

/** B-79: a fixed penalty has an amount above zero, one that is set at approval has none before. */
function checked(penalty: PenaltyDefinition): PenaltyDefinition {
  const { kind, amountCents } = penalty;
  const fits = kind === 'fixed' ? amountCents !== null && amountCents > 0 && amountCents <= MAX_CENTS : amountCents === null;
  if (fits) return penalty;
  const detail =
    kind === 'fixed' ? 'a fixed penalty needs an amount above zero' : 'the amount of this penalty is set at approval';
  return refuse('invalid-amount', { field: 'amount', detail });
}

function view({ id, name, category, kind, amountCents }: PenaltyDefinition) {
  return { id, name, category, kind, amount: moneyOf(amountCents) };
}
