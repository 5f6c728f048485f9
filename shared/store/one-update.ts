import type { Condition, WriteAction } from './write-action.ts';

type Update = Extract<WriteAction, { kind: 'update' }>;

/** Two updates of one item as one, under both conditions: a transaction names an item once. Each has one clause, SET or REMOVE. */
export function oneUpdate(first: WriteAction, second: WriteAction): WriteAction {
  const [a, b] = [first, second].map(asUpdate) as [Update, Update];
  if (a.key.pk !== b.key.pk || a.key.sk !== b.key.sk) throw new Error('two updates of one item');
  const same = b.update.expression.startsWith('SET ') && a.update.expression.startsWith('SET ');
  const expression = `${a.update.expression}${same ? `, ${b.update.expression.slice(4)}` : ` ${b.update.expression}`}`;
  const condition = together(a.condition, b.condition, ' AND ');
  return {
    kind: 'update',
    key: a.key,
    update: { ...together(a.update, b.update, ' '), expression },
    ...(condition.expression === '' ? {} : { condition }),
  };
}

function asUpdate(action: WriteAction): Update {
  if (action.kind !== 'update') throw new Error('only updates are put together');
  return action;
}

function together(a: Condition | undefined, b: Condition | undefined, by: string): Condition {
  const names = { ...a?.names, ...b?.names };
  const values = { ...a?.values, ...b?.values };
  return {
    expression: [a, b].flatMap((one) => (one === undefined ? [] : [one.expression])).join(by),
    ...(Object.keys(names).length > 0 ? { names } : {}),
    ...(Object.keys(values).length > 0 ? { values } : {}),
  };
}
