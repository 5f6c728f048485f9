import type { World } from './world.ts';

/** Calls made since the world's mark beside the fewest that would have done; `told`: both, list by list. */
export interface CallCount {
  readonly excess: number;
  readonly told: string;
}

/**
 * The floor of a full reading: each list in as few pages as the source allows, and the login. A list that is asked for again, row by row,
 * or in small pages, shows as excess.
 */
export function fullFloor(world: World): CallCount {
  const { compared = [] } = world.conformance.calls;
  return count(world, (lists) => lists.map(({ list, least }) => ({ list, least: least * (compared.includes(list) ? 2 : 1) })));
}

/**
 * The floor of an idle cycle: one reading of each list that is to be looked at in every cycle (performance goals, section 2), and the
 * login, whatever else was asked. Where a cycle has to look at more lists than it has streams, the integration names them.
 */
export function cycleFloor(world: World): CallCount {
  const { streams, auxiliary } = world.manifest;
  const { compared = [], cycleLists } = world.conformance.calls;
  if (cycleLists !== undefined) {
    const twice = (list: string): number => (compared.includes(list) ? 2 : 1);
    return count(world, (lists) =>
      lists
        .filter(({ list, door }) => door || cycleLists.includes(list))
        .map(({ list, least, parents }) => ({ list, least: parents ?? least * twice(list) })),
    );
  }
  const due = [...streams, ...auxiliary].filter(({ refresh }) => refresh === 'cycle').length;
  return count(world, (lists) => [...lists.filter(({ door }) => door), ...lists.filter(({ door }) => !door).slice(0, due)]);
}

interface Least {
  readonly list: string;
  /** Fewest calls for one reading of what was read of it. */
  readonly least: number;
}

type Counted = Least & {
  readonly door: boolean;
  /** Of a list that is served parent by parent: the parents that were asked for. */
  readonly parents?: number;
};

function count(world: World, needed: (lists: readonly Counted[]) => readonly Least[]): CallCount {
  const byList = new Map<string, { calls: number; rows: number; empty: boolean; paths: Set<string> }>();
  for (const { entity, path, rows } of world.requests()) {
    const list = entity ?? path;
    const known = byList.get(list) ?? { calls: 0, rows: 0, empty: false, paths: new Set<string>() };
    known.paths.add(path);
    byList.set(list, { ...known, calls: known.calls + 1, rows: known.rows + (rows ?? 0), empty: known.empty || rows === 0 });
  }
  const lists = [...byList]
    .map(([list, { rows, empty, paths }]): Counted => {
      const perParent = world.conformance.calls.perParent?.[list] !== undefined;
      return { ...leastOf(world, list, rows, empty), ...(perParent ? { parents: paths.size } : {}) };
    })
    .sort((a, b) => b.least - a.least);
  const floor = needed(lists).reduce((sum, { least }) => sum + least, 0);
  const made = [...byList.values()].reduce((sum, { calls }) => sum + calls, 0);
  const told = [...byList].map(([list, { calls }]) => `${list} ${calls}`).join(', ');
  return { excess: made / Math.max(floor, 1), told: `${made} calls, ${floor} needed (${told})` };
}

function leastOf(world: World, list: string, rows: number, sawEmpty: boolean): Counted {
  const { rowsPerCall, endsEmpty, perParent = {}, login } = world.conformance.calls;
  const { shell } = world.source.fake;
  const data = shell.data(shell.tenants()[0]!);
  const held = data.entity(list);
  // A door that is no list: the login, or a question with one answer.
  if (held === null) return { list, least: /auth|token|grant|login/i.test(list) ? login : 1, door: true };
  const distinct = Math.min(rows, data.count(held));
  const parents = perParent[list] === undefined ? 1 : data.count(data.entity(perParent[list])!);
  const pages = Math.max(parents, Math.ceil(distinct / rowsPerCall(list)));
  return { list, least: pages + (endsEmpty && sawEmpty && distinct > 0 ? 1 : 0), door: false };
}
