import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type BundleReport, bundleFolder } from '#tools/bundle.ts';
import { inProject } from '#tools/project.ts';

const LIMIT_BYTES = 320_000;
const bundles: readonly BundleReport[] = JSON.parse(readFileSync(inProject('.build', 'bundles.json'), 'utf8'));
const run = promisify(execFile);

/** Everything any function is given, so that one that reads its environment at start finds it. */
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  TABLE_NAME: 'table',
  EVENT_BUS_NAME: 'bus',
  CYCLE_QUEUE_URL: 'http://127.0.0.1:1/cycle',
  BULK_QUEUE_URL: 'http://127.0.0.1:1/bulk',
  RECALC_QUEUE_URL: 'http://127.0.0.1:1/recalculation',
  EVENTS_QUEUE_URL: 'http://127.0.0.1:1/events',
  MAIL_QUEUE_URL: 'http://127.0.0.1:1/mails',
  MAIL_DOMAIN: 'protiv.example',
  APP_URL: 'https://app.protiv.example',
  DELIVERY_QUEUE_URL: 'http://127.0.0.1:1/deliveries',
  KEY_ID: 'key',
  FILES_BUCKET: 'files',
  ISSUER: 'https://issuer.test/pool',
  CLIENT_ID: 'app',
  USER_POOL_ID: 'pool',
};

describe.each(bundles)('bundle $name', ({ name, sizeBytes, inputs, externals }) => {
  it(`is at most ${LIMIT_BYTES} bytes (P9)`, () => {
    expect(sizeBytes).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it('holds no fake, nothing of the local host and no test', () => {
    expect(
      inputs.filter((input) => /(^|\/)(fake|fake-source|local|test|bench)\//.test(input) && !input.includes('node_modules')),
    ).toEqual([]);
  });

  it('needs nothing but Node: every package is inside, and no other source of credentials', () => {
    expect(externals.filter((path) => !isBuiltin(path))).toEqual([]);
    const providers = inputs.filter((input) => /credential-provider|token-providers/.test(input));
    expect(providers).toEqual([]);
  });

  it('uses zod through its mini entry only', () => {
    expect(
      inputs.filter((input) => /node_modules\/zod\/v4\/(classic|locales)\//.test(input) && !input.endsWith('/en.js')),
    ).toEqual([]);
  });

  it('loads on its own and exports a handler', async () => {
    const script = `const m = await import(${JSON.stringify(`file://${bundleFolder}/${name}/index.mjs`)}); console.log(typeof m.handler); process.exit(0);`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { env: ENVIRONMENT, cwd: '/' });
    expect(stdout.trim()).toBe('function');
  });
});
