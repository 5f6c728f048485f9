import type { Answer, CallOptions } from './api.ts';
import type { BonusBench } from './bonus-bench.ts';

/** An override as the API shows it, as far as tests look at it. */
export interface OverrideShown {
  readonly value: unknown;
  readonly sourceValueWhenSet: unknown;
  readonly sourceValue: unknown;
  readonly conflict: boolean;
  readonly [field: string]: unknown;
}

export interface OverridesBody {
  readonly overrides: Readonly<Record<string, OverrideShown>>;
  readonly history: readonly (Readonly<Record<string, unknown>> & { readonly field: string; readonly value: unknown })[];
  readonly [field: string]: unknown;
}

/** What people do with the overrides of one record over the API; the tag is read before each change. */
export function overrideDesk(bench: BonusBench, path: string) {
  const call = <T = OverridesBody>(method: string, at: string, options: CallOptions = {}): Promise<Answer<T>> =>
    bench.api.call<T>(method, at, options);
  const read = (options: CallOptions = {}) => call('GET', `${path}/overrides`, options);
  const tag = async () => ({ 'if-match': (await read()).headers.etag! });
  return {
    read,
    record: async <T = Record<string, unknown>>(options: CallOptions = {}): Promise<T> =>
      (await call<T>('GET', path, options)).body,
    set: async (field: string, body: object, options: CallOptions = {}) =>
      call('PUT', `${path}/overrides/${field}`, { body, headers: await tag(), ...options }),
    clear: async (field: string, query: Record<string, string> = {}, options: CallOptions = {}) =>
      call('DELETE', `${path}/overrides/${field}`, { query, headers: await tag(), ...options }),
    keep: (field: string, options: CallOptions = {}) => call('POST', `${path}/overrides/${field}/keep`, options),
  };
}

export type OverrideDesk = ReturnType<typeof overrideDesk>;
