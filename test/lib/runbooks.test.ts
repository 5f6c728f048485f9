import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RUNBOOKS } from '#lib/runbooks.ts';
import { stageNames } from '#tools/synth.ts';
import { resourcesOf } from './templates.ts';

describe('runbooks', () => {
  it.each(stageNames)('every alarm of %s names one that exists', (stage) => {
    const alarms = resourcesOf(stage).filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(0);
    for (const { id, properties } of alarms) {
      const page = / Runbook: (docs\/runbooks\/[a-z-]+\.md)$/.exec(String(properties.AlarmDescription))?.[1];
      expect(page, id).toBeDefined();
      expect(existsSync(page!), `${id}: ${page}`).toBe(true);
    }
  });

  it('are those of the list, each with what it means, what to do and when it is over', () => {
    expect(readdirSync('docs/runbooks').sort()).toEqual(RUNBOOKS.map((name) => `${name}.md`).sort());
    for (const name of RUNBOOKS) {
      const text = readFileSync(`docs/runbooks/${name}.md`, 'utf8');
      for (const part of ['**What it means.**', '**Do.**', '**Over when**']) expect(text, name).toContain(part);
    }
  });
});
