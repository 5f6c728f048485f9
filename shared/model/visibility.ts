/** What a role sees beyond the fixed cells of M-145: the toggles of M-146. */
export interface Visibility {
  readonly manager: Toggles<'wages' | 'budgets' | 'bonuses' | 'statements'>;
  readonly crew_lead: Toggles<'budgets' | 'bonuses' | 'excluded' | 'leaderboard'>;
  readonly worker: Toggles<'budgets' | 'excluded' | 'leaderboard'>;
}
type Toggles<T extends string> = Readonly<Record<T, boolean>>;

export const TOGGLES = ['wages', 'budgets', 'bonuses', 'statements', 'excluded', 'leaderboard'] as const;

/** What one person sees, where it is not as their role (M-146); toggles that the role does not have change nothing. */
export type PersonVisibility = { readonly [T in (typeof TOGGLES)[number]]?: boolean };

/** Who sees what: a preset or what was chosen by hand, and what single people see otherwise, by worker or user. */
export interface RoleVisibility {
  readonly preset: Preset | null;
  readonly visibility: Visibility;
  readonly persons: Readonly<Record<string, PersonVisibility>>;
}

/**
 * Standard: managers see bonuses, ProPays and budgets, and no wages; crew leads their crews; workers what is theirs. Open: managers see all,
 * crew leads and workers how people compare as well.
 */
export const VISIBILITY_PRESETS = {
  standard: {
    manager: { wages: false, budgets: true, bonuses: true, statements: true },
    crew_lead: { budgets: true, bonuses: true, excluded: true, leaderboard: false },
    worker: { budgets: false, excluded: true, leaderboard: false },
  },
  open: {
    manager: { wages: true, budgets: true, bonuses: true, statements: true },
    crew_lead: { budgets: true, bonuses: true, excluded: true, leaderboard: true },
    worker: { budgets: false, excluded: true, leaderboard: true },
  },
} as const satisfies Readonly<Record<string, Visibility>>;
export type Preset = keyof typeof VISIBILITY_PRESETS;
export const PRESETS = Object.keys(VISIBILITY_PRESETS) as [Preset, ...Preset[]];

/** The toggles of every role; those that were not there when they were stored are as in Standard. */
export function completeVisibility(
  stored: { readonly [R in keyof Visibility]?: Partial<Visibility[R]> } | undefined,
): Visibility {
  const { manager, crew_lead, worker } = VISIBILITY_PRESETS.standard;
  return {
    manager: { ...manager, ...stored?.manager },
    crew_lead: { ...crew_lead, ...stored?.crew_lead },
    worker: { ...worker, ...stored?.worker },
  };
}

/** The preset that toggles are those of; null: they were chosen by hand. */
export function presetOf(visibility: Visibility): Preset | null {
  const roles = Object.keys(visibility) as (keyof Visibility)[];
  const sameAs = (preset: Preset) =>
    roles.every((role) =>
      Object.entries(visibility[role]).every(
        ([toggle, on]) => (VISIBILITY_PRESETS[preset][role] as Readonly<Record<string, boolean>>)[toggle] === on,
      ),
    );
  return PRESETS.find(sameAs) ?? null;
}

/** The toggles that hold for one person: their own where somebody set them, else those of the role (M-146). */
export function visibilityFor(
  stored: Partial<RoleVisibility> | undefined,
  { workerId, userId }: { readonly workerId: string | null; readonly userId: string | null },
): Visibility {
  const visibility = completeVisibility(stored?.visibility);
  const own = { ...stored?.persons?.[workerId ?? ''], ...stored?.persons?.[userId ?? ''] };
  const forPerson = <T extends Toggles<string>>(toggles: T): T =>
    Object.fromEntries(Object.entries(toggles).map(([name, on]) => [name, own[name as keyof PersonVisibility] ?? on])) as T;
  const { manager, crew_lead, worker } = visibility;
  return { manager: forPerson(manager), crew_lead: forPerson(crew_lead), worker: forPerson(worker) };
}
