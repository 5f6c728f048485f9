import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { suppressions } from '#lib/suppressions.ts';
import { assemblyOf, readFindings, stageNames } from '#tools/synth.ts';

interface PluginReport {
  readonly pluginName: string;
  readonly suppressedViolations?: readonly { readonly ruleName: string }[];
}
const reportOf = (stage: string): readonly PluginReport[] =>
  JSON.parse(readFileSync(`${assemblyOf(stage)}/validation-report.json`, 'utf8')).pluginReports;

describe.each(stageNames)('checks of the templates of %s', (stage) => {
  it('ran with all three packs (R16)', () => {
    // CloudFormation's own validation adds its part of the report only when it finds something.
    expect(reportOf(stage).map(({ pluginName }) => pluginName)).toEqual(['AwsSolutions', 'Serverless', 'NIST.800.53.R5']);
  });

  it('found nothing', () => {
    expect(readFindings(assemblyOf(stage))).toEqual([]);
  });
});

describe('suppressions', () => {
  it('are at most ten, each with a reason and each needed by some stage', () => {
    const entries = Object.entries(suppressions);
    expect(entries.length).toBeLessThanOrEqual(10);
    for (const [rule, reason] of entries) expect(reason.length, rule).toBeGreaterThan(40);
    const used = stageNames
      .flatMap(reportOf)
      .flatMap(({ pluginName, suppressedViolations = [] }) =>
        suppressedViolations.map(({ ruleName }) => `${pluginName}::${ruleName}`),
      );
    expect([...new Set(used)].sort()).toEqual(entries.map(([rule]) => rule).sort());
  });
});
