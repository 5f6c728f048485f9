/** What `npm start` was asked for. */
export interface StartOptions {
  readonly port: number;
  readonly fresh: boolean;
  /** Keeps the datasets' dates and makes no change by itself. */
  readonly asRecorded: boolean;
  /** Lifts the quota of manual resyncs (M-85), for checks; null: the product's own. */
  readonly resyncQuota: number | null;
}

const DEFAULT_PORT = 8787;

/** Reads the arguments of `npm start --` and PORT; throws a sentence that says what is wrong. */
export function parseStartOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartOptions {
  let fresh = false;
  let asRecorded = false;
  let resyncQuota: number | null = null;
  for (let at = 0; at < args.length; at++) {
    const [name, inline] = args[at]!.split('=', 2);
    if (name === '--fresh') fresh = true;
    else if (name === '--as-recorded') asRecorded = true;
    else if (name === '--resync-quota') resyncQuota = wholeNumber('--resync-quota', inline ?? args[++at], 1, 1_000_000);
    else throw new Error(`unknown argument ${args[at]}: --fresh, --as-recorded and --resync-quota N are known`);
  }
  const port = environment.PORT ? wholeNumber('PORT', environment.PORT, 1, 65_535) : DEFAULT_PORT;
  return { port, fresh, asRecorded, resyncQuota };
}

function wholeNumber(name: string, text: string | undefined, least: number, most: number): number {
  const value = text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new Error(`${name} takes a whole number from ${least} to ${most}`);
  return value;
}
