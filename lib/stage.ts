import * as z from 'zod/mini';

/** What AWS keeps log lines for; other numbers of days it refuses. */
const LOG_RETENTION_DAYS = [7, 14, 30, 60, 90, 120, 180, 365, 400] as const;

const count = z.int().check(z.minimum(1));
const text = z.string().check(z.minLength(1), z.maxLength(128));

const settings = z.strictObject({
  /** The account and region to deploy to; those of the CLI's credentials where absent. */
  account: z.optional(z.string().check(z.regex(/^\d{12}$/))),
  region: z.optional(z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/))),
  /** On every resource, beside `product` and `stage`. */
  tags: z._default(z.record(z.string().check(z.regex(/^[\w.:/=+@-]{1,64}$/)), text), {}),
  logRetentionDays: z._default(z.literal(LOG_RETENTION_DAYS), 90),
  /** Whether functions write traces to X-Ray: the one permission that cannot be narrowed to a resource. */
  tracing: z._default(z.boolean(), false),
  /** Concurrency that is taken from the account and kept for a function, by the function's name. */
  reservedConcurrency: z._default(z.record(text, count), {}),
  /** Messages that one integration works on at once. */
  syncConcurrency: z._default(z.strictObject({ cycle: count, bulk: count }), { cycle: 10, bulk: 4 }),
  /** Requests a second that the whole API takes, and how many at once beyond that. */
  throttle: z._default(z.strictObject({ ratePerSecond: count, burst: count }), { ratePerSecond: 5_000, burst: 5_000 }),
  /** Who is written to when an alarm goes off; each confirms a mail of AWS first. */
  alarmEmails: z._default(z.array(z.email()), []),
  /** What the stage may cost in a month: the alarms' people are told above four fifths of it, above it, and when the month is going there. */
  monthlyBudgetDollars: z.optional(count),
  /** Origins of web pages that may call the API; without any, no browser may. */
  allowedOrigins: z._default(z.array(z.string().check(z.regex(/^https:\/\/[^/*]+$/))), []),
  /** Addresses that people may return to after signing in, beside the command line's own. */
  appUrls: z._default(z.array(z.url()), []),
  /** Where the pages for signing in live: `https://<prefix>.auth.<region>.amazoncognito.com`; after stage and account where absent. */
  signInDomainPrefix: z.optional(z.string().check(z.regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/))),
  /** Where the runbooks are read: alarms name a page below it. */
  runbooksUrl: z._default(text, 'docs/runbooks'),
  /** Years for which the archive of the table cannot be deleted by anybody (29 CFR 516.5 asks for three); no archive where absent. */
  archiveYears: z.optional(count),
});

/** One deployment of the product: a name and what may differ from another. */
export type Stage = z.infer<typeof settings> & { readonly name: string };

/** Reads the chosen stage out of the CDK's context (`stage`, `stages` in cdk.json). Throws a sentence that says what to mend. */
export function readStage(chosen: unknown, stages: unknown): Stage {
  const known = z.record(z.string().check(z.regex(/^[a-z][a-z0-9]{0,15}$/)), z.unknown()).safeParse(stages);
  if (!known.success) throw new Error('cdk.json: context.stages must hold stages by name (a to z and digits, at most 16).');
  const name = String(chosen);
  if (!Object.hasOwn(known.data, name))
    throw new Error(
      `cdk.json knows no stage ${name}; it knows ${Object.keys(known.data).join(', ')}. Choose with --context stage=NAME.`,
    );
  const read = settings.safeParse(known.data[name]);
  if (read.success) return { name, ...read.data };
  const wrong = read.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')}: no setting of a stage`
      : `${issue.path.join('.') || 'the stage'}: ${issue.message}`,
  );
  throw new Error(`cdk.json, stage ${name}: ${wrong.join('; ')}.`);
}
