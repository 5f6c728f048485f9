import { setTimeout as sleep } from 'node:timers/promises';
import { inProject } from '#tools/project.ts';
import { runCommandLine } from './program.ts';

/** `npm run cli -- COMMAND`. */
await runCommandLine(process.argv.slice(2), {
  environment: process.env,
  demoFile: inProject('.local', 'demo.json'),
  out: (text) => void process.stdout.write(`${text}\n`),
  error: (text) => void process.stderr.write(`${text}\n`),
  ...(process.stderr.isTTY ? { progress: (text: string) => void process.stderr.write(`\r\u001b[K${text}`) } : {}),
  sleep: (ms) => sleep(ms),
  exit: (code) => {
    process.exitCode = code;
  },
});
