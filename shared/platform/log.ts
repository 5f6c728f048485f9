/** One line of the log: an object without payloads, tokens or other secrets. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Writes one line of JSON to the function's log. */
export function logLine(line: LogLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
