import { join } from 'node:path';
import { integrationPart } from '#tools/integrations.ts';
import type { DemoAccount, DemoSource, DemoSystem } from '../../shared/fake-source/demo.ts';
import type { RunningFake } from '../../shared/fake-source/serve.ts';
import { DEMO_TENANTS } from './tenants.ts';

/** A fake that runs, and the accounts of the demo tenants there. */
export interface RunningSource {
  readonly provider: string;
  readonly url: string;
  readonly port: number;
  readonly client: DemoSystem['client'];
  account(tenant: string): DemoAccount;
  stop(): Promise<void>;
}

/** How the fakes of the demo are started. */
export interface SourceOptions {
  readonly workDir: string;
  readonly startedAt: number;
  readonly asRecorded: boolean;
  readonly liveEveryMs: number;
  /** The port of an earlier start by provider: taken again when it is free, since connections name it. */
  readonly ports: Readonly<Record<string, number>>;
}

/** Starts the fake of every system that a demo tenant connects. What was started is stopped again when one fails. */
export async function startSources(options: SourceOptions): Promise<readonly RunningSource[]> {
  const providers = [...new Set(DEMO_TENANTS.flatMap(({ sources }) => sources.map(({ provider }) => provider)))];
  const running: RunningSource[] = [];
  try {
    for (const provider of providers) running.push(await startSource(provider, options));
  } catch (error) {
    for (const source of running) await source.stop();
    throw error;
  }
  return running;
}

async function startSource(provider: string, options: SourceOptions): Promise<RunningSource> {
  const demo = await integrationPart<DemoSource>(provider, 'fake/demo.ts', 'demo');
  const tenants = DEMO_TENANTS.filter(({ sources }) => sources.some((link) => link.provider === provider));
  const system = demo.open({
    tenants: tenants.map(({ id }) => id),
    startedAt: options.startedAt,
    asRecorded: options.asRecorded,
    statePath: join(options.workDir, provider),
    ...(options.asRecorded ? {} : { live: { everyMs: options.liveEveryMs } }),
  });
  const fake = await listen((port) => system.fake.start(port), options.ports[provider] ?? 0);
  return { provider, url: fake.url, port: fake.port, client: system.client, account: system.account, stop: () => fake.stop() };
}

async function listen(start: (port: number) => Promise<RunningFake>, port: number): Promise<RunningFake> {
  try {
    return await start(port);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    return await start(0);
  }
}
