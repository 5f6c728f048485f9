import type { LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from '#model/connection.ts';

/** What mapping one row may depend on besides the row and rows of other lists. */
export interface MapContext {
  readonly settings: ConnectionSettings;
  /** The company's id at Procore: the account, and its derived branch. */
  readonly companyId: string;
  /** Zone of the work: no list names another (M-35). */
  readonly zone: string;
  readonly today: LocalDate;
  /** True for rows read by their own ids: an old record that something refers to is wanted (M-78). */
  readonly byId: boolean;
}

/** Source id of the branch that stands for the whole company (M-28). */
export function companyBranchId(context: Pick<MapContext, 'companyId'>): string {
  return `account:${context.companyId}`;
}

/** Whether an admin has switched a project on (M-66). */
export function isEnabled(settings: ConnectionSettings, projectId: string): boolean {
  return settings.projectAllowList?.includes(projectId) === true;
}

/** Key of a budget line (M-67): cost codes repeat per project, so the project stands first. A line without category is `none`. */
export function budgetLineId(projectId: string, costCodeId: string, categoryId: string | null): string {
  return `${projectId}/procore:budget_line:cc:${costCodeId}:cat:${categoryId ?? 'none'}`;
}

/** Key of a crew: its id belongs to one project. */
export function crewKey(projectId: string, crewId: string): string {
  return `${projectId}/${crewId}`;
}

/** The project of a key that begins with it; null for any other text. */
export function projectOfKey(key: string): string | null {
  return /^(\d+)\//.exec(key)?.[1] ?? null;
}

/** A record without stamps or status of its own. */
export const UNSTAMPED = { sourceUpdatedAt: null, sourceCreatedAt: null, sourceStatus: null } as const;
