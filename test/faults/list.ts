/** Where a directed test of a fault stands: its file under `test`, and a part of its title. */
export type Directed = readonly [file: string, title: string];

/** A fault of lists B and C (quality/faults.md) and what shows its required behaviour. */
export interface ListedFault {
  readonly fault: number;
  readonly name: string;
  /** Checks of the conformance suite: every integration is put through them over its own fake. */
  readonly checks?: readonly string[];
  /** Tests of what all integrations have in common: engine, HTTP, logins. */
  readonly shared?: readonly Directed[];
  /** Tests of single integrations. */
  readonly own?: Readonly<Record<string, Directed>>;
  /** Integrations that cannot have the fault, each with the reason. */
  readonly without?: Readonly<Record<string, string>>;
}

const jobber = (title: string): Directed => ['functions/sync/jobber/faults.test.ts', title];
const time = (title: string): Directed => ['functions/sync/quickbooks-time/faults.test.ts', title];
const engine = (title: string): Directed => ['mirror/faults.test.ts', title];
const run = (title: string): Directed => ['mirror/run.test.ts', title];
const http = (title: string): Directed => ['platform/http.test.ts', title];
const tokens = (title: string): Directed => ['sync/oauth/token-source.test.ts', title];
const KEY = 'logs in with id and secret whenever it needs to: nothing of it rotates';

/** Lists B and C. */
export const FAULTS: readonly ListedFault[] = [
  {
    fault: 11,
    name: '429 and Retry-After in every form',
    checks: ['rate limits'],
    shared: [http('429 waits as told, in seconds or as a date'), ['mirror/retry.test.ts', 'a limit is waited out as told']],
    own: {
      jobber: jobber('429 with an absurd Retry-After'),
      'quickbooks-time': time('a limit without any header is waited out'),
      procore: ['functions/sync/procore/session.test.ts', 'of the hour interrupt the run and tell until when'],
    },
  },
  {
    fault: 12,
    name: 'bursts of 5xx',
    checks: ['broken list'],
    shared: [run('ends interrupted when the source is down'), ['mirror/retry.test.ts', 'waits exponentially with full jitter']],
  },
  {
    fault: 13,
    name: 'timeout, reset, DNS, TLS',
    checks: ['no answer'],
    shared: [http('a refused connection is a network failure'), http('a connection cut in the middle is a network failure')],
  },
  { fault: 14, name: '200 with something else', checks: ['broken list', 'no answer'], shared: [http('zipped nonsense')] },
  {
    fault: 15,
    name: 'empty list',
    checks: ['delete storm'],
    shared: [engine('holds an empty list where more than two were live')],
  },
  { fault: 16, name: 'short page', checks: ['paging', 'schema drift'] },
  { fault: 17, name: 'looping pages', checks: ['paging'] },
  {
    fault: 18,
    name: 'records move between pages',
    own: {
      aspire: ['functions/sync/aspire/session.test.ts', 'may miss one when a row disappears between two pages'],
      jobber: ['functions/sync/jobber/session.test.ts', 'while pages are read moves to the front'],
      'quickbooks-time': time('rows that change places between pages'),
      procore: [
        'functions/sync/procore/session.test.ts',
        'is asked for in smaller pages after a 408, without losing or doubling a row',
      ],
    },
  },
  { fault: 19, name: 'the same record twice', checks: ['unique keys', 'paging'] },
  { fault: 20, name: 'equal stamps at borders', checks: ['ties'], shared: [run('loses none of 300 equal stamps')] },
  { fault: 21, name: 'source clock off', shared: [['faults/source-clock.test.ts', 'an hour']], checks: ['late edits'] },
  { fault: 22, name: 'stamp in the year 2999', checks: ['future stamps'], shared: [run('does not let a stamp in the future')] },
  { fault: 23, name: 'old entry edited late', checks: ['late edits'] },
  { fault: 24, name: 'hard delete without an event', checks: ['deletes'] },
  {
    fault: 25,
    name: 'id used again',
    shared: [
      engine('makes a new generation of an id that is used again'),
      ['mirror/records.test.ts', 'puts new children under the new generation'],
    ],
  },
  {
    fault: 26,
    name: 'child before its parent',
    shared: [
      engine('parks a ticket whose job is not there'),
      ['mirror/children.test.ts', 'waits no more when its reference is corrected'],
    ],
  },
  { fault: 27, name: 'cyclic records', shared: [['faults/cycles.test.ts', 'each other']] },
  { fault: 28, name: 'schema drift', checks: ['schema drift', 'bad row', 'poison'] },
  { fault: 29, name: 'poison values', checks: ['poison'] },
  {
    fault: 30,
    name: 'amounts and hours out of range',
    checks: ['poison'],
    own: {
      aspire: ['functions/sync/aspire/mapping.test.ts', 'with money of more than two decimals are quarantined, never rounded'],
      jobber: jobber('money with too many decimals is refused'),
      'quickbooks-time': time('negative and endless entries, and rates too fine'),
      procore: ['functions/sync/procore/mapping.test.ts', 'or are refused: a day of 26 hours, negative hours'],
    },
  },
  {
    fault: 31,
    name: 'one resource refused or retired',
    checks: ['broken list', 'no answer'],
    own: {
      aspire: ['functions/sync/aspire/session.test.ts', 'an unticked list says which one'],
      jobber: jobber('a scope that is missing fails one stream'),
      procore: ['functions/sync/procore/session.test.ts', 'names the streams that are not permitted'],
    },
  },
  { fault: 32, name: "another account's data", checks: ['account'], shared: [run('refuses another account before anything')] },
  { fault: 33, name: 'slow drip', checks: ['no answer'], shared: [http('a body that comes byte by byte')] },
  {
    fault: 34,
    name: 'redirects and addresses that lead inside',
    checks: ['no answer'],
    shared: [
      http('a redirect is not followed'),
      http('not to an allowed name that leads to a private address'),
      http('is private: %s'),
      ['functions/api/oauth.test.ts', 'that lead inside are refused before anything is called (fault 34)'],
    ],
  },
  {
    fault: 35,
    name: 'token runs out during a run',
    shared: [tokens('refused by the source are renewed once')],
    own: {
      aspire: ['functions/sync/aspire/login.test.ts', 'is replaced once when a list answers 401'],
      jobber: jobber('that run out during a run are renewed once'),
      'quickbooks-time': time('an access token that ends during a run is renewed once'),
      procore: ['functions/sync/procore/session.test.ts', 'of a token that has run out are met by one newer token'],
    },
  },
  {
    fault: 36,
    name: 'many refresh at once',
    shared: [tokens('two refreshers at once make one refresh call')],
    without: { aspire: KEY },
  },
  {
    fault: 37,
    name: 'crash before a token is kept',
    shared: [tokens('a crash after the refresh and before it is stored')],
    without: { aspire: KEY },
  },
  {
    fault: 38,
    name: 'no new refresh token',
    shared: [tokens('an answer without a refresh token leaves the old one')],
    without: { aspire: KEY },
  },
  {
    fault: 39,
    name: 'revoked',
    checks: ['credentials'],
    shared: [
      run('asks for new credentials when they are refused'),
      tokens('revoked by the contractor they end in reauth_required'),
    ],
    own: { jobber: ['functions/api/hooks.test.ts', 'a disconnected app is found out by the run'] },
  },
  {
    fault: 40,
    name: 'key service down',
    shared: [['faults/vault.test.ts', 'fails closed, and the next one goes on where it is back']],
  },
  {
    fault: 41,
    name: 'secrets in what a source says',
    shared: [tokens('a refusal that repeats our secrets'), http('in words that hold no secret')],
    own: {
      jobber: jobber('never stand in an error, whatever the source says back'),
      'quickbooks-time': time('a token in an error of the source comes out nowhere'),
      procore: ['functions/sync/procore/session.test.ts', 'hold no secret (fault 41)'],
    },
  },
];
