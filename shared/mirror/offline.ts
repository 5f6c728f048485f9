import { ExactNumber, parseJsonExact } from '#kernel/decimal.ts';
import { type Instant, parseInstant } from '#kernel/instant.ts';
import type { MappedRow } from '#model/mapped-record.ts';

/**
 * Maps raw rows of a source's list without the source, under the provider's default settings: what `npm run map` runs. The `offline.ts` of
 * an integration exports one as `offline`.
 */
export interface OfflineMapping {
  /** The source's own names of the lists whose rows become records. */
  readonly lists: readonly string[];
  /** One mapped row per raw row of the text, in its order; null when the text is no list of that name. */
  map(list: string, text: string, options: OfflineOptions): Promise<readonly MappedRow[] | null>;
}

export interface OfflineOptions {
  /** Zone of local times whose rows name none. */
  readonly zone: string;
  readonly importWages: boolean;
  readonly now: Instant;
  /** The file before it was read as UTF-8, for sources whose files may be in another encoding; left out: what the text makes. */
  readonly bytes?: Uint8Array;
}

/** What a file of raw rows holds: the lists of a recorded company, or one answer of the source. */
export type OfflinePayload =
  | {
      readonly kind: 'dataset';
      /** Lists by the path under which the source serves them, in its own form. */
      readonly endpoints: Readonly<Record<string, unknown>>;
      /** By the same path: the values of fields that a recorded row leaves out. */
      readonly defaults: Readonly<Record<string, unknown>>;
      readonly snapshotAt: Instant | null;
    }
  | { readonly kind: 'answer'; readonly body: unknown };

/** Reads a JSON file of raw rows, digits kept; null when it is no JSON. */
export function readOfflinePayload(text: string): OfflinePayload | null {
  let body: unknown;
  try {
    body = parseJsonExact(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!isWireObject(body) || !isWireObject(body.endpoints)) return { kind: 'answer', body };
  const about = isWireObject(body._about) ? body._about : {};
  return {
    kind: 'dataset',
    endpoints: body.endpoints,
    defaults: isWireObject(body.defaults) ? body.defaults : {},
    snapshotAt: typeof about.snapshotAt === 'string' ? parseInstant(about.snapshotAt) : null,
  };
}

/** Whether a value as parsed is a JSON object: no list, no number. */
export function isWireObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
