type Json = Record<string, unknown>;

/** What text of each form looks like; a form that is not here needs a line. */
const FORMS: Readonly<Record<string, string>> = {
  '^[A-Za-z0-9._-]{1,120}$': 'kQ3vAbCdEfGhIjKl',
  '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$': '2026-03-10T12:00:00.000Z',
  '^\\d{4}-\\d{2}-\\d{2}$': '2026-03-09',
  '^-?\\d{1,14}(\\.\\d{1,2})?$': '87.50',
  '^-?\\d{1,12}(\\.\\d{1,4})?$': '25.00',
  '^[A-Z]{3}$': 'USD',
  '^[A-Z]{2}$': 'CO',
  '^[0-9a-f]{64}$': '9f'.repeat(32),
  '^"r\\d{1,12}"$': '"r1"',
  '^([01]\\d|2[0-3]):[0-5]\\d$': '06:30',
};
/** What people would read in free text, by its name. */
const WORDS: Readonly<Record<string, string>> = {
  name: 'Elm Street',
  displayName: 'Ana Diaz',
  title: 'Fence at the yard',
  reason: 'agreed by phone',
  detail: 'What it is about.',
  zone: 'America/Denver',
  provider: 'aspire',
  code: 'not-complete',
  nextCursor: 'none',
};

/** An example of a JSON schema, the same every time: of each choice the first, of each list one, every field that there is. */
export function sampleOf(schema: Json, name = ''): unknown {
  const choices = (schema.anyOf ?? schema.oneOf) as readonly Json[] | undefined;
  if (choices !== undefined) return sampleOf(choices.find((one) => one.type !== 'null') ?? choices[0]!, name);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  switch (Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return Array.from({ length: Number(schema.minItems ?? 1) }, () => sampleOf((schema.items ?? {}) as Json, name));
    case 'string':
      return textOf(schema, name);
    case 'integer':
    case 'number':
      return numberOf(schema, name);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function objectOf({ properties = {}, propertyNames, additionalProperties }: Json): Json {
  const named = Object.entries(properties as Json).map(([key, inner]) => [key, sampleOf(inner as Json, key)]);
  // A record has keys of a kind in place of named fields.
  const keyed = propertyNames === undefined ? [] : [[sampleOf(propertyNames as Json), sampleOf(additionalProperties as Json)]];
  return Object.fromEntries([...named, ...keyed]);
}

function textOf({ pattern, minLength = 0, maxLength = 200 }: Json, name: string): string {
  if (typeof pattern === 'string') {
    const form = FORMS[pattern];
    if (form === undefined) throw new Error(`no example of text of the form ${pattern}`);
    return form;
  }
  return (WORDS[name] ?? 'text').padEnd(Number(minLength), '.').slice(0, Number(maxLength));
}

function numberOf({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Json, name: string): number {
  const usual = name.endsWith('Bp') ? 1_000 : name.endsWith('Seconds') ? 3_600 : 1;
  return Math.min(Math.max(usual, Number(minimum)), Number(maximum));
}
