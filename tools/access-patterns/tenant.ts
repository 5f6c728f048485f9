import { type AccessPattern, batchGet, EVENTUAL, getItem, query, queryIndex, type Section } from './shape.ts';
import { ledger, people, propays, settings } from './store.ts';

const tenant: readonly AccessPattern[] = [
  {
    name: 'The compiled context: what a calculation needs of the tenant',
    keys: ['contextKey'],
    range: '`{t}#S` / `CX`',
    reads: [getItem('of the context')],
    note: 'up to 4 KB; larger tenants pay by size',
    users: [settings.readContext],
  },
  {
    name: 'The tenant as the bonus layer’s routes need it',
    keys: ['contextKey', 'settingsKey', 'syncStateKey'],
    range: '`{t}#S`: `CX` and `roles`; then `{t}#C#<n>` / `SYNC`',
    reads: [batchGet('of context and roles'), batchGet('of the sync states')],
    users: ['functions/api/bonus/desk.ts'],
  },
  {
    name: 'One area of the settings',
    keys: ['settingsPartition', 'settingsKey'],
    range: '`{t}#S` / `<area>`',
    reads: [getItem('of the area')],
    users: [settings.readArea],
  },
  {
    name: 'Several areas of the settings',
    keys: ['settingsPartition', 'settingsKey'],
    range: '`{t}#S` / `<area>`',
    reads: [batchGet('of the areas')],
    users: [settings.readAreas],
  },
  {
    name: 'Bonus pool by id',
    keys: ['poolKey'],
    range: '`{t}#S` / `pool#<id>`',
    reads: [getItem('of the pool')],
    note: 'their list stands in the context',
    users: [settings.readPool],
  },
  {
    name: 'Exclusion rule by id',
    keys: ['settingsPartition'],
    range: '`{t}#S` / `rule#<id>`',
    reads: [getItem('of the rule')],
    note: 'their list stands in the context',
    users: [settings.readRule],
  },
  {
    name: 'Disqualifier or penalty by id',
    keys: ['definitionKey'],
    range: '`{t}#S` / `disqualifier#<id>`, `penalty#<id>`',
    reads: [getItem('of the definition')],
    note: 'their lists stand in the context',
    users: [settings.readDefinition],
  },
  {
    name: 'Active ProPays that lack a definition',
    keys: ['listPartition', 'proPaySort', 'proPayKey'],
    range: '`by`: `{t}#L#PP` / `Active#`, the first 1,000',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the ProPays', EVENTUAL)],
    users: ['functions/api/admin/definitions/lacking.ts'],
  },
  {
    name: 'API token of a request',
    keys: ['apiTokenKey'],
    range: '`{t}#U` / `K#<token>`',
    reads: [getItem('of the token')],
    note: 'once in the authorizer, whose answer is kept for five minutes, and once in the handler',
    users: [people.readApiToken],
  },
  {
    name: 'API tokens of the tenant',
    keys: ['peoplePartition', 'apiTokenKey'],
    range: '`{t}#U` / `K#`',
    reads: [query('of the tokens')],
    users: [people.listApiTokens],
  },
  {
    name: 'The next reference numbers',
    keys: ['counterKey'],
    range: '`{t}#CTR` / `<name>`',
    reads: [getItem('of the counter')],
    note: 'and 1 wu under the condition that nobody was faster',
    users: [propays.takeNumbers],
  },
  {
    name: 'What a key of a repeated request was answered',
    keys: ['idempotencyKey'],
    range: '`{t}#ID#<hash of route and key>` / `ID`',
    reads: [getItem('of the answer')],
    users: [ledger.readIdempotency],
  },
  {
    name: 'Audit log, newest first',
    keys: ['tenantHeaderKey', 'auditKey'],
    range: '`{t}` / `TENANT` for its first month; `{t}#AU#<month>` from the latest back',
    reads: [getItem('of the tenant’s header', EVENTUAL), query('for each month that the page touches')],
    users: ['functions/api/admin/list-audit.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'What happened to one record',
    keys: ['auditEntityPartition', 'auditKey'],
    range: '`by`: `{t}#E#<record>`, newest first',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the entries', EVENTUAL)],
    users: ['functions/api/admin/list-audit.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'The tenant of a stream record or a slot',
    keys: ['tenantKey', 'tenantIdOfKey'],
    range: 'the beginning of the key itself',
    reads: [],
    users: ['functions/bonus/on-inputs/fold.ts', 'functions/bonus/on-results/process-results.ts'],
  },
];

/** The tenant’s own part of the page. */
export const tenantPatterns: readonly Section<AccessPattern>[] = [{ title: 'Tenant, people, ledger', entries: tenant }];
