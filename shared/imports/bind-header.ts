import { sameName } from '#mirror/import-scope.ts';
import { type CanonicalColumn, COLUMNS } from './columns.ts';
import type { FileWarning } from './outcome.ts';
import type { HeaderName, Profile } from './profile.ts';
import { isCanonical, namedHeaders, naturalKey } from './profile-parts.ts';
import { UnusableFile } from './read-text.ts';

/** A canonical column as a file holds it. */
export interface BoundColumn {
  readonly name: string;
  readonly kind: CanonicalColumn['kind'];
  /** Positions of its cells; none where the file lacks it and the profile gives a value in its place. */
  readonly cells: readonly number[];
  /** Its headers as the file spells them, for people. */
  readonly header: string;
  readonly join: string;
  readonly unit: Profile['columns'][string]['unit'];
  readonly words: ReadonlyMap<string, string>;
  readonly fallback: string;
  readonly required: boolean;
  /** Values that must not be shown. */
  readonly hidden: boolean;
}

/** What part of a row's identity is read from: the value of a canonical column, or a cell as it stands; null where the file has neither. */
export type KeyPart = { readonly column: BoundColumn } | { readonly cell: number } | null;

/** Where everything stands that a profile wants from a file. */
export interface Layout {
  readonly columns: Readonly<Record<string, BoundColumn | undefined>>;
  /** Cells of a record; null where no header tells. */
  readonly width: number | null;
  /** What tells one row from another where no cell of an id column does. */
  readonly identity: readonly KeyPart[];
  /** The cells are those of columns that cannot change, so that two rows with the same key are two versions of one record. */
  readonly natural: boolean;
  readonly parents: Readonly<Record<'worker' | 'job' | 'milestone', readonly number[] | null>>;
  readonly filters: readonly { readonly cell: number; readonly equals: string }[];
  readonly warnings: readonly FileWarning[];
}

/** Comparison form of a header: outer blanks and case do not count, inner blanks and underscores are the same. */
export function sameHeader(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '_');
}

/**
 * Finds the columns of a profile in a file's header (null: it has none, and columns go by number). Throws an UnusableFile where a header
 * that the profile names stands there twice, or where one is missing without which rows could not be read or told apart.
 */
export function bindHeader(header: readonly string[] | null, profile: Profile): Layout {
  const positions = positionsOf(header, profile);
  const find = (name: HeaderName): number | null =>
    typeof name === 'number' ? name - 1 : (positions.get(sameHeader(name)) ?? null);
  const need = (name: HeaderName): number => find(name) ?? missing(name);
  const spelled = (cell: number): string => header?.[cell]?.trim() || `column ${cell + 1}`;
  const warnings: FileWarning[] = [];
  const dropped = new Set(profile.drop.map(find));

  const columns: Record<string, BoundColumn | undefined> = {};
  for (const [name, { kind, required, private: isPrivate }] of Object.entries(COLUMNS[profile.entity])) {
    const mapped = profile.columns[name];
    if (mapped === undefined) continue;
    const wanted = mapped.from === undefined ? [] : Array.isArray(mapped.from) ? mapped.from : [mapped.from];
    const isRequired = required === true || mapped.required;
    const cells: number[] = [];
    for (const one of wanted) {
      const cell = isRequired && mapped.default === undefined ? need(one) : find(one);
      if (cell !== null) cells.push(cell);
      else if (!isCanonical(profile))
        warnings.push({ code: 'MISSING_COLUMN', column: String(one), message: `the file has no column ${one}` });
    }
    if (cells.length === 0 && mapped.default === undefined) continue;
    columns[name] = {
      name,
      kind,
      cells,
      header: cells.length === 0 ? name : cells.map(spelled).join(' + '),
      join: mapped.join,
      unit: mapped.unit,
      words: new Map(Object.entries(mapped.map).map(([word, value]) => [sameName(word), value])),
      fallback: mapped.default ?? '',
      required: isRequired,
      hidden: isPrivate === true || cells.some((cell) => dropped.has(cell)),
    };
  }
  const natural = naturalKey(profile.entity);
  const byColumn = new Map(Object.values(columns).flatMap((one) => (one?.cells.length === 1 ? [[one.cells[0]!, one]] : [])));
  return {
    columns,
    width: header === null ? null : header.length,
    identity:
      profile.identity.length > 0
        ? profile.identity.map((name) => {
            const cell = need(name);
            const column = byColumn.get(cell);
            return column === undefined || column.kind === 'id' ? { cell } : { column };
          })
        : natural.columns.map((name) => (columns[name] === undefined ? null : { column: columns[name] })),
    natural: profile.identity.length === 0 && natural.stable,
    parents: {
      worker: profile.parents.worker?.by.map(need) ?? null,
      job: profile.parents.job?.create === true ? profile.parents.job.by.map(need) : null,
      milestone: profile.parents.milestone?.create === true ? profile.parents.milestone.by.map(need) : null,
    },
    filters: profile.filters.map(({ column, equals }) => ({ cell: need(column), equals: sameName(equals) })),
    warnings: [...warnings, ...unnamed(header, profile)],
  };
}

/** Position of every header; one that the profile names must stand there once. */
function positionsOf(header: readonly string[] | null, profile: Profile): ReadonlyMap<string, number> {
  const named = new Set([...namedHeaders(profile), ...profile.ignore, ...profile.drop].map((name) => sameHeader(String(name))));
  const positions = new Map<string, number>();
  for (const [cell, one] of (header ?? []).entries()) {
    const name = sameHeader(one);
    if (positions.has(name) && named.has(name)) {
      const column = one.trim();
      throw new UnusableFile({ code: 'DUPLICATE_HEADER', message: `two columns are named ${column}`, column });
    }
    if (!positions.has(name)) positions.set(name, cell);
  }
  return positions;
}

/** Columns that the profile does not know: told once each, and not read. */
function unnamed(header: readonly string[] | null, profile: Profile): FileWarning[] {
  if (header === null) return [];
  const known = new Set([...namedHeaders(profile), ...profile.ignore, ...profile.drop].map((name) => sameHeader(String(name))));
  return header.flatMap((one, cell) => {
    if (known.has(sameHeader(one))) return [];
    const column = one.trim() || `column ${cell + 1}`;
    return [{ code: 'UNNAMED_COLUMN' as const, column, message: `the profile does not name ${column}: it is not read` }];
  });
}

function missing(name: HeaderName): never {
  const column = String(name);
  throw new UnusableFile({ code: 'MISSING_COLUMN', message: `the file has no column ${column}`, column });
}
