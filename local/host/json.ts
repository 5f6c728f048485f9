/** A parsed JSON object of unknown content. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is a JSON object (no array, no null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; an absent one is empty. Throws on anything else, naming `what`. */
export function objectOf(value: unknown, what: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw new TypeError(`${what} is not an object: ${JSON.stringify(value)}`);
  return value;
}

/** The value as a list: absent is empty, a single value is a list of one, as CloudFormation and IAM both allow. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The value as text. Throws on anything else, naming `what`. */
export function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new TypeError(`${what} is not text: ${JSON.stringify(value)}`);
  return value;
}

/** The value as a list of texts. Throws on any other content, naming `what`. */
export function textsOf(value: unknown, what: string): string[] {
  return listOf(value).map((one) => textOf(one, what));
}

/** A whole number that a template gives as number or text, or `fallback` where it is absent. Throws on anything else. */
export function integerOf(value: unknown, fallback: number, what: string): number {
  if (value === undefined || value === null) return fallback;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number))
    throw new TypeError(`${what} is not a whole number: ${JSON.stringify(value)}`);
  return number;
}

/** A switch that a template gives as boolean or text. */
export function isOn(value: unknown): boolean {
  return value === true || value === 'true';
}
