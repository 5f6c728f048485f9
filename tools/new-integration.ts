import { spawnSync } from 'node:child_process';
import { newIntegration } from './new-integration/scaffold.ts';
import { projectRoot } from './project.ts';

/** `npm run new:integration NAME`: a folder that fails only where something must be written. */
const [name = ''] = process.argv.slice(2);
try {
  const made = newIntegration(projectRoot, name);
  spawnSync('biome', ['check', '--write', 'functions/sync/manifests.ts', `functions/sync/${name}`], { cwd: projectRoot });
  for (const path of made) console.log(`made ${path}`);
  console.log(`\nNow read functions/sync/${name}/README.md; what is missing:`);
  console.log(`  npm test -- test/conformance test/functions/sync/${name}`);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\nusage: npm run new:integration NAME`);
  process.exitCode = 2;
}
