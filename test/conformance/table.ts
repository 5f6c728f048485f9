/** How a check ended for an integration; `exempt`: it cannot be made, for a written reason. */
export type Verdict = 'passed' | 'failed' | 'exempt';

const SIGN: Readonly<Record<Verdict, string>> = { passed: 'ok', failed: 'FAIL', exempt: '–' };

/** The suite's table: one line per check, one column per integration. */
export function tableOf(checks: readonly string[], verdicts: ReadonlyMap<string, ReadonlyMap<string, Verdict>>): string {
  const providers = [...verdicts.keys()];
  const first = Math.max(...checks.map((name) => name.length));
  const line = (name: string, cells: readonly string[]) =>
    [name.padEnd(first), ...cells.map((cell, at) => cell.padEnd(providers[at]!.length))].join('  ').trimEnd();
  const rows = checks.map((name) =>
    line(
      name,
      providers.map((provider) => {
        const verdict = verdicts.get(provider)?.get(name);
        return verdict === undefined ? '' : SIGN[verdict];
      }),
    ),
  );
  return ['Conformance', line('', providers), ...rows].join('\n');
}
