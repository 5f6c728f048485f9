import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { suppressions } from '#lib/suppressions.ts';
import { readFindings } from '#tools/synth.ts';
import { assemblyFolder } from './templates.ts';

interface PluginReport {
  readonly pluginName: string;
  readonly suppressedViolations?: readonly { readonly ruleName: string }[];
}
const report: { readonly pluginReports: readonly PluginReport[] } = JSON.parse(
  readFileSync(`${assemblyFolder}/validation-report.json`, 'utf8'),
);

describe('checks of the templates', () => {
  it('ran with all three packs (R16)', () => {
    // CloudFormation's own validation adds its part of the report only when it finds something.
    expect(report.pluginReports.map(({ pluginName }) => pluginName)).toEqual(['AwsSolutions', 'Serverless', 'NIST.800.53.R5']);
  });

  it('found nothing', () => {
    expect(readFindings(assemblyFolder)).toEqual([]);
  });

  it('suppress at most ten rules, each with a reason and each still needed', () => {
    const entries = Object.entries(suppressions);
    expect(entries.length).toBeLessThanOrEqual(10);
    for (const [rule, reason] of entries) expect(reason.length, rule).toBeGreaterThan(40);
    const used = report.pluginReports.flatMap(({ pluginName, suppressedViolations = [] }) =>
      suppressedViolations.map(({ ruleName }) => `${pluginName}::${ruleName}`),
    );
    expect([...new Set(used)].sort()).toEqual(entries.map(([rule]) => rule).sort());
  });
});
