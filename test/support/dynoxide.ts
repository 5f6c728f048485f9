import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { callDynamoDb } from '#local/dynamodb/index.ts';

export type OtherEngine = { readonly endpoint: string; stop(): Promise<void> };

/** The path of the second engine's binary, or undefined where its optional package does not exist for the platform. */
export function dynoxideBinary(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Starts the second engine in memory on a free loopback port. */
export async function startDynoxide(binary: string): Promise<OtherEngine> {
  const port = await freePort();
  const child = spawn(binary, ['serve', '--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  await Promise.race([answers(endpoint, child), failed]);
  return {
    endpoint,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function answers(endpoint: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await callDynamoDb(endpoint, 'DynamoDB_20120810.ListTables', {}).catch(() => undefined);
    if (answer?.status === 200) return;
    if (child.exitCode !== null) throw new Error(`the engine ended with ${child.exitCode}`);
    await sleep(25);
  }
  throw new Error('the engine did not answer within 5 s');
}

// The engine cannot tell which port it took, so a free one is looked up first.
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
