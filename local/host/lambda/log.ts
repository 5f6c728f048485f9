import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The one log file of all functions: every line begins with the name of its function. */
export type FunctionLog = { readonly path: string; writer(functionName: string): (text: string) => void; close(): void };

/** Opens `functions.log` in a directory for appending. */
export function openLog(directory: string): FunctionLog {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'functions.log');
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
