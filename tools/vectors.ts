import { readFileSync } from 'node:fs';
import { evaluate, UnsupportedRule } from '#bonus/evaluate.ts';
import { parseJsonExact } from '#kernel/decimal.ts';
import { firstDifference } from './vector-difference.ts';

/** One calculation vector (B-190). */
export type Vector = {
  readonly id: string;
  readonly rule: string;
  readonly inputs: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: number;
};

/** How a run over vectors ended. */
export type Tally = { passed: number; failed: number; unsupported: number };

/** A file that could not be read as vectors; the message is for the person at the terminal. */
export class BadVectorFile extends Error {}

/** Reads a file of vectors; throws `BadVectorFile` when it cannot be read, is no JSON or has another shape. */
export function readVectors(file: string): Vector[] {
  const text = readText(file);
  let list: unknown;
  try {
    list = parseJsonExact(text);
  } catch (error) {
    throw new BadVectorFile(`${file}: not valid JSON: ${messageOf(error)}`, { cause: error });
  }
  if (!Array.isArray(list)) throw new BadVectorFile(`${file}: must hold a list of vectors`);
  return list.map((item: unknown, index) => readVector(item, `${file}: vector ${index + 1}`));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadVectorFile(`${file}: cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function readVector(item: unknown, place: string): Vector {
  if (!isObject(item)) throw new BadVectorFile(`${place}: must be an object`);
  const { id, rule, inputs, expected, tolerance } = item;
  if (typeof id !== 'string' || typeof rule !== 'string') throw new BadVectorFile(`${place}: needs an id and a rule`);
  if (!isObject(expected)) throw new BadVectorFile(`${place} (${id}): needs an object "expected"`);
  if (tolerance !== undefined && typeof tolerance !== 'number')
    throw new BadVectorFile(`${place} (${id}): "tolerance" must be a number`);
  return { id, rule, inputs, expected, tolerance: tolerance ?? 0 };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Evaluates one vector and says the outcome in one line: `ok ID`, `FAIL ID field: expected … got …` or `unsupported ID RULE`. */
export function runVector(vector: Vector, tally: Tally): string {
  let actual: object;
  try {
    actual = evaluate(vector.rule, vector.inputs);
  } catch (error) {
    if (error instanceof UnsupportedRule) {
      tally.unsupported += 1;
      return `unsupported ${vector.id} ${vector.rule}`;
    }
    // A defect of the engine fails its vector and must not hide the others.
    tally.failed += 1;
    return `FAIL ${vector.id} outcome: expected ${JSON.stringify(vector.expected)} got ${messageOf(error)}`;
  }
  const difference = firstDifference(vector.expected, actual, vector.tolerance);
  if (difference === null) {
    tally.passed += 1;
    return `ok ${vector.id}`;
  }
  tally.failed += 1;
  return `FAIL ${vector.id} ${difference.field}: expected ${difference.expected} got ${difference.actual}`;
}

/** The closing line of a run. */
export function summary({ passed, failed, unsupported }: Tally): string {
  return `${passed} passed, ${failed} failed${unsupported > 0 ? `, ${unsupported} unsupported` : ''}`;
}

/** Runs the files and prints the outcome; returns the exit code: 0 all passed, 1 some did not, 2 a bad call or file. */
export function main(files: readonly string[], print: (line: string) => void, complain: (line: string) => void): number {
  if (files.length === 0) {
    complain('usage: npm run vectors -- FILE…');
    return 2;
  }
  let vectors: Vector[];
  try {
    vectors = files.flatMap(readVectors);
  } catch (error) {
    if (!(error instanceof BadVectorFile)) throw error;
    complain(error.message);
    return 2;
  }
  const tally: Tally = { passed: 0, failed: 0, unsupported: 0 };
  for (const vector of vectors) print(runVector(vector, tally));
  print(summary(tally));
  return tally.failed + tally.unsupported === 0 ? 0 : 1;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (import.meta.main) {
  process.exitCode = main(
    process.argv.slice(2),
    (line) => process.stdout.write(`${line}\n`),
    (line) => process.stderr.write(`${line}\n`),
  );
}
