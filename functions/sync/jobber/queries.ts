/** The lists of the API that this connector reads; each is also the root field under which it is asked for. */
export type ListName = 'clients' | 'properties' | 'users' | 'jobs' | 'visits' | 'timeSheetEntries';

/** How one list is asked for. */
export interface ListQuery {
  /** Root field that answers one record by its id. */
  readonly one: string;
  /** Type of the filter variable in the schema. */
  readonly filter: string;
  /** Type of the sort variable; null where the list has no order to choose. */
  readonly sort: string | null;
  /** Fields of a row. */
  readonly fields: string;
  /** Rows asked for at once, so that a call requests at most about 2,000 points (M-40, M-61). */
  readonly first: number;
  /** Points that one row requests, as far as the published rules tell: the base of the first call's pace only. */
  readonly rowCost: number;
}

/** People assigned to one visit that are asked for along with it; a longer list is read to its end by itself (A-37). */
export const ASSIGNED_AT_ONCE = 20;

const CUSTOM_FIELDS = `customFields {
  ... on CustomFieldText { id label valueText }
  ... on CustomFieldNumeric { id label valueNumeric }
  ... on CustomFieldDropdown { id label valueDropdown }
  ... on CustomFieldTrueFalse { id label valueTrueFalse }
}`;

export const LISTS: Readonly<Record<ListName, ListQuery>> = {
  clients: {
    one: 'client',
    filter: 'ClientFilterAttributes',
    sort: null,
    fields: 'id name firstName lastName companyName isArchived createdAt updatedAt',
    first: 100,
    rowCost: 8,
  },
  properties: {
    one: 'property',
    filter: 'PropertiesFilterAttributes',
    sort: null,
    fields: 'id name client { id } address { street street1 city province postalCode country }',
    first: 100,
    rowCost: 11,
  },
  users: {
    one: 'user',
    filter: 'UsersFilterAttributes',
    sort: '[UsersSortInput!]',
    fields: 'id name { first last full } email { raw } status createdAt',
    first: 100,
    rowCost: 9,
  },
  jobs: {
    one: 'job',
    filter: 'JobFilterAttributes',
    sort: '[JobsSortInput!]',
    fields: `id jobNumber title jobStatus jobType client { id } property { id } startAt endAt completedAt createdAt updatedAt
      total billingType jobberWebUri`,
    first: 100,
    rowCost: 17,
  },
  visits: {
    one: 'visit',
    filter: 'VisitFilterAttributes',
    sort: '[VisitsSortInput!]',
    fields: `id title startAt endAt allDay visitStatus completedAt createdAt job { id }
      assignedUsers(first: ${ASSIGNED_AT_ONCE}) { nodes { id } pageInfo { hasNextPage } }`,
    first: 60,
    rowCost: 31,
  },
  timeSheetEntries: {
    one: 'timeSheetEntry',
    filter: 'TimeSheetEntriesFilterAttributes',
    sort: '[TimeSheetEntriesSortInput!]',
    fields: `id startAt endAt finalDuration ticking label approved paidBy { id } user { id } job { id } visit { id }
      createdAt updatedAt`,
    first: 100,
    rowCost: 17,
  },
};

/** The fields of a list's rows; custom fields, each kind of which costs its points, only where one has a use. */
export function fieldsOf(list: ListName, customFields: boolean): string {
  return list === 'jobs' && customFields ? `${LISTS.jobs.fields} ${CUSTOM_FIELDS}` : LISTS[list].fields;
}

/** Points of one row with its custom fields, of which an account has a few. */
export function rowCostOf(list: ListName, customFields: boolean): number {
  return LISTS[list].rowCost + (list === 'jobs' && customFields ? 12 : 0);
}

/** One page of a list; `account` says in every answer whose data it is (M-42). */
export function pageQuery(list: ListName, fields: string): string {
  const { filter, sort } = LISTS[list];
  const [declared, given] = sort === null ? ['', ''] : [`, $sort: ${sort}`, ', sort: $sort'];
  return `query Page($first: Int!, $after: String, $filter: ${filter}${declared}) {
    account { id }
    ${list}(first: $first, after: $after, filter: $filter${given}) { nodes { ${fields} } pageInfo { endCursor hasNextPage } }
  }`;
}

/** Records by their ids, each under a name of its own: `n0`, `n1` … */
export function byIdQuery(list: ListName, fields: string, count: number): string {
  const numbers = Array.from({ length: count }, (_, at) => at);
  return `query ById(${numbers.map((at) => `$i${at}: EncodedId!`).join(', ')}) {
    account { id }
    ${numbers.map((at) => `n${at}: ${LISTS[list].one}(id: $i${at}) { ${fields} }`).join('\n')}
  }`;
}

/** One page of what belongs to a record: the visits or entries of a job, the entries of a visit, the people assigned to a visit. */
export function childrenQuery(parent: ListName, children: string, fields: string): string {
  return `query Children($id: EncodedId!, $first: Int!, $after: String) {
    account { id }
    ${LISTS[parent].one}(id: $id) {
      ${children}(first: $first, after: $after) { nodes { ${fields} } pageInfo { endCursor hasNextPage } }
    }
  }`;
}
