import { existsSync, readFileSync } from 'node:fs';
import { type ProtivClient, protivClient } from '#client/client.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly url?: string;
  readonly token?: string;
  readonly tenant?: string;
  readonly as?: string;
  readonly json?: boolean;
}

/** What the running demo says of itself, in `.local/demo.json`. */
interface DemoFile {
  readonly baseUrl: string;
  readonly tenants: readonly { readonly id: string; readonly name: string; readonly tokens: Readonly<Record<string, string>> }[];
}

/** What a command has to do with: where the API is and who asks. */
export interface Session {
  readonly api: ProtivClient;
  readonly baseUrl: string;
  readonly json: boolean;
}

/** A command that cannot even begin: what is missing is in its words. */
export class UsageError extends Error {}

/**
 * Where the API is and with which token: the options, else `PROTIV_URL` and `PROTIV_TOKEN`, else the demo that runs here, as its first
 * tenant's owner unless `--tenant` and `--as` say otherwise.
 */
export function openSession(
  options: GlobalOptions,
  environment: Readonly<Record<string, string | undefined>>,
  demoFile: string,
): Session {
  const url = options.url ?? environment.PROTIV_URL;
  const token = options.token ?? environment.PROTIV_TOKEN;
  const demo = url === undefined || token === undefined ? readDemo(demoFile) : null;
  const baseUrl = url ?? demo?.baseUrl;
  const bearer = token ?? (demo === null ? undefined : demoToken(demo, options));
  if (baseUrl === undefined || bearer === undefined)
    throw new UsageError(
      'Say where the API is and who asks: --url and --token, or PROTIV_URL and PROTIV_TOKEN, or run npm start here.',
    );
  return { api: protivClient({ baseUrl, token: bearer }), baseUrl, json: options.json ?? false };
}

function readDemo(path: string): DemoFile | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DemoFile) : null;
}

function demoToken({ tenants }: DemoFile, { tenant, as = 'owner' }: GlobalOptions): string {
  const found = tenant === undefined ? tenants[0] : tenants.find(({ id, name }) => id === tenant || name === tenant);
  if (found === undefined)
    throw new UsageError(`The demo has no tenant ${tenant}; it has ${tenants.map(({ name }) => name).join(', ')}.`);
  const token = found.tokens[as];
  if (token === undefined) throw new UsageError(`The demo has no ${as}; it has ${Object.keys(found.tokens).join(', ')}.`);
  return token;
}
