import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { manifests } from '#functions/sync/manifests.ts';
import { inProject } from '#tools/project.ts';
import { type Directed, FAULTS, type ListedFault } from './list.ts';

const textOf = (file: string): string => readFileSync(inProject('test', file), 'utf8');
const suite = ['reading', 'changes', 'deletions', 'faults', 'incidents']
  .map((name) => textOf(`conformance/checks/${name}.ts`))
  .join('\n');
const providers = manifests.filter(({ auth }) => auth !== 'file').map(({ provider }) => provider);

const directedOf = ({ shared = [], own = {} }: ListedFault): readonly Directed[] => [...shared, ...Object.values(own)];

/** What shows the fault for an integration: all integrations, one of its own, what they share, or that it cannot have it. */
function shownBy({ checks = [], shared = [], own = {}, without = {} }: ListedFault, provider: string): string {
  if (without[provider] !== undefined) return '–';
  const by = [checks.length > 0 ? 'suite' : '', own[provider] === undefined ? '' : 'own', shared.length > 0 ? 'shared' : ''];
  return by.filter((one) => one !== '').join('+');
}

afterAll(() => {
  const wide = Math.max(...FAULTS.map(({ name }) => name.length));
  const lines = FAULTS.map((one) =>
    [String(one.fault), one.name.padEnd(wide), ...providers.map((p) => shownBy(one, p).padEnd(17))].join('  '),
  );
  console.log(['Faults B and C', ['  ', ''.padEnd(wide), ...providers.map((p) => p.padEnd(17))].join('  '), ...lines].join('\n'));
});

describe('the faults of a source and of credentials (lists B and C)', () => {
  it('are all listed, each once', () => {
    expect(FAULTS.map(({ fault }) => fault)).toEqual(Array.from({ length: 31 }, (_, at) => 11 + at));
  });

  it.each(FAULTS)('$fault, $name: is shown for every integration', (fault) => {
    for (const provider of providers) expect(shownBy(fault, provider), provider).not.toBe('');
    for (const reason of Object.values(fault.without ?? {})) expect(reason.length).toBeGreaterThan(20);
  });

  it.each(FAULTS)('$fault, $name: by tests that there are', (fault) => {
    for (const check of fault.checks ?? []) expect(suite, check).toContain(`name: '${check}'`);
    for (const [file, title] of directedOf(fault)) expect(textOf(file), `${file}: ${title}`).toContain(title);
  });
});
