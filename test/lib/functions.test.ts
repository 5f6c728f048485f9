import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manifests } from '#functions/sync/manifests.ts';
import { listFunctions } from '#lib/functions.ts';
import { syncFunctionVariable } from '#lib/names.ts';
import { bundleFolder } from '#tools/bundle.ts';
import { digestFile } from '#tools/project.ts';
import { assemblyFolder } from '#tools/synth.ts';
import { at, ofType, referenced, resources, templateTexts } from './templates.ts';

const providers = manifests.map(({ provider }) => provider);
const functions = ofType('AWS::Lambda::Function');

describe('functions', () => {
  it('are those of the list, each deployed from its own bundle', () => {
    const deployed = functions.map(({ properties }) => {
      const asset = String(at(properties, 'Code', 'S3Key')).replace('.zip', '');
      return digestFile(`${assemblyFolder}/asset.${asset}/index.mjs`);
    });
    const built = listFunctions(providers).map(({ name }) => digestFile(`${bundleFolder}/${name}/index.mjs`));
    expect(deployed.sort()).toEqual(built.sort());
  });

  it('run on Node 24, arm64, with a time limit and memory of their own choice', () => {
    for (const { id, properties } of functions) {
      expect(properties, id).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
      expect(properties.Timeout, id).toBeTypeOf('number');
      expect(properties.MemorySize, id).toBeTypeOf('number');
    }
  });

  it('may feed themselves through a queue only where long work is handed on in legs', () => {
    const handingOn = functions.filter(({ properties }) => properties.RecursiveLoop === 'Allow').map(({ id }) => id);
    expect(handingOn).toHaveLength(providers.length + 2);
    for (const id of handingOn) expect(id).toMatch(/Sync|OnInputs|WebhooksDeliver/);
  });

  it('log into an encrypted group that forgets after 90 days', () => {
    const groups = ofType('AWS::Logs::LogGroup');
    for (const { stack, id, properties } of functions) {
      const group = groups.find(
        (each) => each.stack === stack && each.id === referenced(at(properties, 'LoggingConfig', 'LogGroup')),
      );
      expect(group?.properties.RetentionInDays, id).toBe(90);
      expect(group?.properties.KmsKeyId, id).toBeDefined();
    }
  });

  it('are watched for errors and throttles', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm');
    for (const { stack, id } of functions) {
      const metrics = alarms
        .filter((alarm) => alarm.stack === stack && JSON.stringify(alarm.properties.Dimensions ?? []).includes(`"${id}"`))
        .map(({ properties }) => properties.MetricName);
      expect(metrics, id).toEqual(expect.arrayContaining(['Errors', 'Throttles']));
    }
  });

  it('tell the administration the sync function of every provider, and only those', () => {
    const admin = functions.find(({ id }) => id.startsWith('FunctionsAdmin'));
    const variables = Object.keys(at(admin?.properties, 'Environment', 'Variables') ?? {});
    expect(variables.sort()).toEqual(['EVENT_BUS_NAME', 'TABLE_NAME', ...providers.map(syncFunctionVariable)].sort());
  });
});

describe('templates', () => {
  it('never carry the switch of the local host that lets connectors call loopback over http (M-41)', () => {
    for (const [file, text] of templateTexts) expect(text, file).not.toContain('PROTIV_LOOPBACK');
  });

  it('name no account and no region', () => {
    for (const [file, text] of templateTexts)
      expect(text, file).not.toMatch(/\b\d{12}\b|\b(us|eu|ap|sa|ca)-(east|west|north|south|central)/);
  });

  it('can be deployed one after the other: a stack imports only from stacks before it', () => {
    const order = ['Data', 'Sync', 'Events', 'Bonus', 'Identity', 'Api', 'Ops'];
    expect([...new Set(resources.map(({ stack }) => stack))].sort()).toEqual(order.map((part) => `Protiv${part}`).sort());
    for (const [file, text] of templateTexts) {
      const own = order.indexOf(file.replace('.template.json', '').replace('Protiv', ''));
      for (const [, from] of text.matchAll(/"Fn::ImportValue":\s*"ProtivDev(\w+):/g))
        expect(order.indexOf(from!), `${file} imports from ${from}`).toBeLessThan(own);
    }
  });

  it('come out of an app that the CLI can run as well', () => {
    expect(JSON.parse(readFileSync('cdk.json', 'utf8')).app).toBe('node bin/app.ts');
    expect(existsSync(`${assemblyFolder}/manifest.json`)).toBe(true);
  });
});
