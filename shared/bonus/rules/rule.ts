/** A rule of the bonus specification as the engine applies it. A change that can alter a result raises the version (B-6). */
export type Rule = { readonly id: string; readonly version: number; readonly title: string };

/** Declares a rule; each rule file has one, and rules/index.ts lists them all. */
export function defineRule(id: string, version: number, title: string): Rule {
  return { id, version, title };
}
