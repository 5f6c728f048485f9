import type { Fraction } from '#kernel/fraction.ts';
import type { Rule } from './rules/rule.ts';
import type { Calculation, RecordRef } from './shapes.ts';
import type { Workings } from './workings.ts';

/** What a node was made from: another node, or a record as it was read (B-5). */
export type TraceInput =
  | { readonly node: string }
  | { readonly record: string; readonly recordId: string; readonly revision: number | string };

/** The unit of a node's value; `fraction` values are the text n/d. */
export type TraceUnit = 'cents' | 'seconds' | 'bp' | 'wageE4' | 'weight' | 'count' | 'state';

/** One step of a result (B-5). `residue` is what rounding or allocation added or dropped, n/d, left out when nothing was. */
export type TraceNode = {
  readonly id: string;
  readonly rule: string;
  readonly version: number;
  readonly inputs: readonly TraceInput[];
  readonly value: number | string | null;
  readonly unit: TraceUnit;
  readonly residue?: string;
  readonly outcome: 'applies' | 'does-not-apply' | 'cannot-tell';
  readonly reason?: string;
  readonly missing?: readonly string[];
};

/** What a rule says about one step; id, version and residue text are the tracer's business. */
export type TraceStep = {
  readonly inputs: readonly TraceInput[];
  readonly value: number | string | null;
  readonly unit: TraceUnit;
  readonly residue?: Fraction;
  readonly outcome?: TraceNode['outcome'];
  readonly reason?: string;
  readonly missing?: readonly string[];
};

/** Collects nodes in calculation order. `add` returns the node as an input of later ones. */
export type Tracer = {
  readonly nodes: readonly TraceNode[];
  add(rule: Rule, subject: string, step: TraceStep): { readonly node: string };
  /** Traces a whole calculation. The tracer knows how, so that who only calculates carries none of it. */
  calculation(input: Calculation, workings: Workings): void;
};

/** References as inputs of a node; records that were not named are left out. */
export function records(...refs: readonly (RecordRef | readonly RecordRef[] | null | undefined)[]): TraceInput[] {
  const inputs: TraceInput[] = [];
  for (const ref of refs) {
    if (ref === null || ref === undefined) continue;
    if (isList(ref)) for (const one of ref) inputs.push(recordInput(one));
    else inputs.push(recordInput(ref));
  }
  return inputs;
}

function isList(ref: RecordRef | readonly RecordRef[]): ref is readonly RecordRef[] {
  return Array.isArray(ref);
}

function recordInput({ entity, id, revision }: RecordRef): TraceInput {
  return { record: entity, recordId: id, revision };
}
