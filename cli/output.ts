/** Where a command writes: its answer to one place, what is only for people watching to another. */
export interface Output {
  readonly json: boolean;
  print(text: string): void;
  /** A line that the next one replaces, shown only to a person at a terminal. */
  progress(text: string): void;
}

/** Prints a value as JSON where that is asked for, else as the text for people. */
export function show<T>(output: Output, value: T, text: (value: T) => string): void {
  output.print(output.json ? JSON.stringify(value, null, 2) : text(value));
}

/** Rows under their headings, columns as wide as their widest cell; `nothing` stands for a list without rows. */
export function table(headings: readonly string[], rows: readonly (readonly unknown[])[], nothing: string): string {
  if (rows.length === 0) return nothing;
  const lines = [headings, ...rows.map((row) => row.map(cell))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cell(value: unknown): string {
  return value === null || value === undefined || value === '' ? '-' : String(value);
}
