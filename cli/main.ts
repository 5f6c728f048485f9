import { setTimeout as sleep } from 'node:timers/promises';
import { inProject } from '#tools/project.ts';
import { program } from './program.ts';

/** `npm run cli -- COMMAND`. */
await program({
  environment: process.env,
  demoFile: inProject('.local', 'demo.json'),
  out: (text) => void process.stdout.write(`${text}\n`),
  error: (text) => void process.stderr.write(`${text}\n`),
  ...(process.stderr.isTTY ? { progress: (text: string) => void process.stderr.write(`\r\u001b[K${text}`) } : {}),
  sleep: (ms) => sleep(ms),
  exit: (code) => {
    process.exitCode = code;
  },
}).parseAsync();
