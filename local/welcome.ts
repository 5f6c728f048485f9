import { manifests } from '#functions/sync/manifests.ts';
import type { DemoTokens } from './demo/seed.ts';
import { FILES_ONLY } from './demo/tenants.ts';

/** What a newcomer sees when everything runs: where it is, and what to try next. */
export function welcome(demo: {
  readonly baseUrl: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly signIn: { readonly issuer: string; readonly example: string; readonly password: string };
  readonly tenants: readonly { readonly name: string; readonly tokens: DemoTokens }[];
}): string {
  const [first] = demo.tenants;
  if (!first) throw new Error('the demo has no tenant');
  const get = (path: string, token = first.tokens.owner) =>
    `  curl -s -H "Authorization: Bearer ${token}" ${demo.baseUrl}${path}`;
  return [
    '',
    `Protiv runs on ${demo.baseUrl}`,
    ...Object.entries(demo.sources).map(
      ([provider, url]) => `The fake ${nameOf(provider)} runs on ${url} (its switches: GET ${url}/__control)`,
    ),
    `Logs of the functions: ${demo.logFile}`,
    '',
    'When did it last sync, and what is mirrored?',
    get('/v1/connections'),
    get('/v1/jobs'),
    'Which ProPays are there, and how do they stand? Ask again in a minute: a crew is clocking hours.',
    get('/v1/propays?status=Active'),
    'Why is my job missing?',
    get("'/v1/diagnose?kind=job&sourceId=9016'"),
    'Workers are added at their source, not here:',
    `  curl -s -X POST -H "Authorization: Bearer ${first.tokens.owner}" ${demo.baseUrl}/v1/workers`,
    '',
    ...fileImport(demo),
    'Tokens (also in .local/demo.json, with the credentials of the fakes that POST /v1/connections/{id}/reconnect takes):',
    ...demo.tenants.flatMap((tenant) => [
      `  ${tenant.name}`,
      ...Object.entries(tenant.tokens).map(([name, token]) => `    ${name.padEnd(9)} ${token}`),
    ]),
    `People sign in at ${demo.signIn.issuer} (OpenID Connect, code flow with PKCE), for example as`,
    `  ${demo.signIn.example}, all with the password ${demo.signIn.password}; addresses and the client’s id are in .local/demo.json.`,
    '',
    'Ctrl-C stops everything. The data stay in .local; npm start -- --fresh begins anew.',
  ].join('\n');
}

/** How a file becomes the mirror, for the tenant that has no system: connect, begin an upload, put the file, look, accept. */
function fileImport({ baseUrl, tenants }: Parameters<typeof welcome>[0]): string[] {
  const office = tenants.find(({ name }) => name === FILES_ONLY);
  if (office === undefined) return [];
  const call = (rest: string) => `  curl -s -H "Authorization: Bearer ${office.tokens.admin}" ${rest}`;
  const uploads = `${baseUrl}/v1/connections/fernhillfiles.1/uploads`;
  return [
    `Upload a file (${office.name} has no other system): connect, ask for a link, put the file there, look at the preview, accept it`,
    call(
      `-d '{"provider":"file-import","name":"Our spreadsheets"}' -H 'Content-Type: application/json' ${baseUrl}/v1/connections`,
    ),
    call(`-d '{"entity":"worker","mode":"full"}' -H 'Content-Type: application/json' ${uploads}`),
    "  printf 'id,first_name,last_name\\n7,Ida,Reed\\n' | curl -s -X PUT --data-binary @- -H 'If-None-Match: *' '<put.url>'",
    call(`${uploads}/<id>`),
    call(`-X POST -H "Idempotency-Key: $RANDOM" ${uploads}/<id>/accept`),
    '',
  ];
}

function nameOf(provider: string): string {
  return manifests.find((manifest) => manifest.provider === provider)?.name ?? provider;
}
