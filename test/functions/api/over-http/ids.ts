import type { Route } from '#functions/api/routes.ts';
import { mirrorId } from '#model/ids.ts';
import type { Send } from './requests.ts';

/** Path variables that are words, not ids of a tenant's records. */
const WORDS: Readonly<Record<string, string>> = { area: 'payroll', name: 'bonuses-for-payroll', field: 'wage' };

/** Where the ids of a variable are listed, if not under the path before it. */
const LISTED: Readonly<Record<string, string>> = {
  '/disqualifiers/{key}': '/v1/disqualifiers',
  '/penalties/{key}': '/v1/penalties',
  '/members/{propayId}': '/v1/propays',
  '/installed/{itemId}': '/v1/materials',
};

/** What a tenant's lists name: every path of the table filled with ids that are there. */
export class IdBook {
  readonly #send: Send;
  readonly #tenant: string;
  readonly #lists = new Map<string, Promise<readonly string[]>>();

  constructor(send: Send, tenant: string) {
    this.#send = send;
    this.#tenant = tenant;
  }

  /** Ids of a list, as the owner reads it; none where there is no such list. */
  list(path: string): Promise<readonly string[]> {
    const known = this.#lists.get(path);
    if (known !== undefined) return known;
    const read = this.#read(path);
    this.#lists.set(path, read);
    return read;
  }

  async #read(path: string): Promise<readonly string[]> {
    const { status, text } = await this.#send({ tenant: this.#tenant, role: 'owner' }, 'GET', path);
    if (status !== 200) return [];
    const { items } = JSON.parse(text) as { items?: readonly { id?: string; runId?: string }[] };
    return (items ?? []).flatMap(({ id, runId }) => id ?? runId ?? []);
  }

  /** The tag of the record that a path begins with, as its owner reads it. */
  async tagOf(path: string): Promise<string | undefined> {
    const record = path.split('/').slice(0, 4).join('/');
    const { headers } = await this.#send({ tenant: this.#tenant, role: 'owner' }, 'GET', record);
    return headers.get('etag') ?? undefined;
  }

  /** The tenant's own ids for the variables of a path, the first way in which all of them are there. */
  async idsOf(template: string): Promise<readonly string[] | null> {
    // Of the connections, the one that has files.
    if (template.endsWith('/uploads')) return (await this.idsOf(`${template}/{uploadId}`))?.slice(0, -1) ?? null;
    return this.#walk(template.split('/').slice(1), '');
  }

  async #walk(rest: readonly string[], path: string): Promise<readonly string[] | null> {
    const [segment, ...after] = rest;
    if (segment === undefined) return [];
    if (!segment.startsWith('{')) return this.#walk(after, `${path}/${segment}`);
    const name = segment.slice(1, -1);
    const tail = `/${path.split('/').at(-1)}/${segment}`;
    const choices = WORDS[name] !== undefined ? [WORDS[name]] : await this.list(LISTED[tail] ?? path);
    for (const id of choices) {
      const found = await this.#walk(after, `${path}/${id}`);
      if (found !== null) return [id, ...found];
    }
    return null;
  }
}

export const variablesOf = ({ path }: Pick<Route, 'path'>): readonly string[] =>
  [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!);
export const isWord = (variable: string): boolean => WORDS[variable] !== undefined;

/** A path with these ids for its variables, in order. */
export function filled(template: string, ids: readonly string[]): string {
  let at = 0;
  return template.replaceAll(/\{[^}]+\}/g, () => ids[at++]!);
}

/** An id of the same form that nobody has. */
export function absentLike(id: string): string {
  return id
    .split('.')
    .map((part) => {
      if (/^(acme1|rival1|third1)$/.test(part)) return 'nobody1';
      if (/^[0-9A-HJKMNP-TV-Z]{26}$/.test(part)) return `${part.slice(0, 20)}ZZZZZZ`;
      return /^[A-Za-z0-9_-]{16}$/.test(part) ? mirrorId('nobody1.1', 'job', part) : part;
    })
    .join('.');
}

/** Where ids of a kind are listed, by the name of the parameter or field that holds one. */
const FIELDS: Readonly<Record<string, string>> = {
  ...{ workerId: 'workers', workerIds: 'workers', crewLeadIds: 'workers', otherIds: 'workers', managerId: 'workers' },
  ...{
    excludedWorkerIds: 'workers',
    crewLeadId: 'workers',
    jobId: 'jobs',
    milestoneId: 'milestones',
    milestoneIds: 'milestones',
  },
  ...{ branchId: 'branches', divisionId: 'divisions', routeId: 'routes', clientId: 'clients', propayId: 'propays' },
  ...{
    propayIds: 'propays',
    groupId: 'groups',
    statementId: 'statements',
    statementIds: 'statements',
    templateId: 'pro-goal-templates',
  },
  ...{
    connectionId: 'connections',
    targetId: 'workers',
    exportId: 'exports',
    disqualifierIds: 'disqualifiers',
    entityId: 'propays',
  },
};
export const listOfField = (name: string): string | null => (FIELDS[name] === undefined ? null : `/v1/${FIELDS[name]}`);
