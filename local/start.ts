import { rmSync } from 'node:fs';
import { inProject } from '#tools/project.ts';
import { startProduct } from './product.ts';
import { parseStartOptions } from './start-options.ts';
import { welcome } from './welcome.ts';

/** `npm start`: the whole product on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  // Functions run in UTC on Lambda; here they share this process's zone.
  process.env.TZ = 'UTC';
  const { fresh, ...options } = parseStartOptions(process.argv.slice(2), process.env);
  const workDir = inProject('.local');
  if (fresh) rmSync(workDir, { recursive: true, force: true });
  const product = await startProduct({ ...options, workDir });
  const stop = () => void product.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  console.log(welcome({ ...product, baseUrl: product.host.url, logFile: product.host.logFile }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
