import { entityKey } from './dataset.ts';

/** A behaviour that can be switched at the control door. */
export type SwitchSpec = {
  readonly name: string;
  /** One line telling what the switch does. */
  readonly effect: string;
  /** Value while nobody touched it; false means off. */
  readonly default: unknown;
  /** Value when it is switched on without one; undefined when a value has to be given. */
  readonly onValue?: unknown;
  /** Where the default holds, when it does not hold for every list. */
  readonly defaultEntity?: string;
  /** Tells what is wrong with a value, or null. */
  readonly check?: (value: unknown) => string | null;
};

/** One setting made at the control door. */
export type SwitchOrder = {
  readonly on: boolean;
  readonly entity?: string;
  readonly times?: number;
  readonly value?: unknown;
};

type Armed = { readonly on: boolean; readonly entity: string | null; readonly value: unknown; left: number | null };

/** The switches of one tenant: which are armed, for which list, and how often they still fire. */
export class Switchboard {
  readonly #specs: ReadonlyMap<string, SwitchSpec>;
  readonly #armed = new Map<string, Armed[]>();

  constructor(specs: readonly SwitchSpec[]) {
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
  }

  /** Arms or disarms a switch. Returns what is wrong with the order, or null once it holds. */
  set(name: string, order: SwitchOrder): string | null {
    const spec = this.#specs.get(name);
    if (spec === undefined) return `unknown fault "${name}"; known: ${[...this.#specs.keys()].join(', ')}`;
    const entity = order.entity === undefined ? null : entityKey(order.entity);
    const kept = (this.#armed.get(name) ?? []).filter((armed) => entity !== null && armed.entity !== entity);
    if (order.on) {
      const value = order.value ?? spec.onValue;
      if (value === undefined) return `fault "${name}" needs a "value": ${spec.effect}`;
      const wrong = spec.check?.(value) ?? null;
      if (wrong !== null) return `fault "${name}": ${wrong}`;
      kept.push({ on: true, entity, value, left: order.times ?? null });
    } else if (spec.default === true || spec.defaultEntity !== undefined) {
      // Only a behaviour that is on by itself needs an order to be off; any other falls back to its default.
      kept.push({ on: false, entity, value: false, left: order.times ?? null });
    }
    this.#armed.set(name, kept);
    return null;
  }

  /** The value now in force for a list, null when off. Counts one firing of an order with a limited number. */
  take(name: string, entity: string | null): unknown {
    const armed = this.#find(name, entity);
    if (armed === null) return this.#default(name, entity);
    if (armed.left !== null) {
      armed.left -= 1;
      if (armed.left === 0) this.#drop(name, armed);
    }
    return armed.on ? armed.value : null;
  }

  /** Like take, without counting a firing. */
  peek(name: string, entity: string | null): unknown {
    const armed = this.#find(name, entity);
    if (armed === null) return this.#default(name, entity);
    return armed.on ? armed.value : null;
  }

  /** Puts every switch back to its default. */
  clear(): void {
    this.#armed.clear();
  }

  /** The orders in force, for the listing of the control door. */
  list(name: string): readonly { on: boolean; entity: string | null; value: unknown; left: number | null }[] {
    return (this.#armed.get(name) ?? []).map((armed) => ({ ...armed }));
  }

  #find(name: string, entity: string | null): Armed | null {
    const all = this.#armed.get(name) ?? [];
    const wanted = entity === null ? null : entityKey(entity);
    const own = wanted === null ? undefined : all.findLast((armed) => armed.entity === wanted);
    return own ?? all.findLast((armed) => armed.entity === null) ?? null;
  }

  #drop(name: string, spent: Armed): void {
    this.#armed.set(
      name,
      (this.#armed.get(name) ?? []).filter((armed) => armed !== spent),
    );
  }

  #default(name: string, entity: string | null): unknown {
    const spec = this.#specs.get(name);
    if (spec === undefined || spec.default === false) return null;
    if (spec.defaultEntity === undefined) return spec.default;
    return entity !== null && entityKey(entity) === entityKey(spec.defaultEntity) ? spec.default : null;
  }
}

/** Check for a switch whose value is a whole number within bounds. */
export function wholeNumber(low: number, high: number): (value: unknown) => string | null {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
      ? null
      : `"value" must be a whole number from ${low} to ${high}`;
}

/** Check for a switch whose value is one of a few words. */
export function oneOf(...words: readonly string[]): (value: unknown) => string | null {
  return (value) => (typeof value === 'string' && words.includes(value) ? null : `"value" must be one of ${words.join(', ')}`);
}
