import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The one log file of all functions: every line begins with the name of its function. */
export type FunctionLog = { readonly path: string; writer(functionName: string): (text: string) => void; close(): void };

const LARGEST_BYTES = 32 * 1024 * 1024;

/** Opens `functions.log` in a directory for appending. A log that has grown large is put aside first, over the one before. */
export function openLog(directory: string): FunctionLog {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'functions.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_BYTES) renameSync(path, `${path}.old`);
  const file = openSync(path, 'a');
  let open = true;
  return {
    path,
    writer: (functionName) => (text) => {
      if (!open) return;
      const lines = text.endsWith('\n') ? text.slice(0, -1) : text;
      writeSync(
        file,
        `${lines
          .split('\n')
          .map((line) => `${functionName} ${line}`)
          .join('\n')}\n`,
      );
    },
    close: () => {
      open = false;
      closeSync(file);
    },
  };
}
