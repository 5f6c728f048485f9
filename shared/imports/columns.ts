import type { EntityName, IdentitySpace } from '#model/entities.ts';

/** How the cells of a canonical column are read. `private`: what no report and no list of rejections may show (M-25). */
export interface CanonicalColumn {
  readonly kind:
    | 'id'
    | 'text'
    | 'word'
    | 'flag'
    | 'date'
    | 'time'
    | 'instant'
    | 'hours'
    | 'money'
    | 'rate'
    | 'quantity'
    | 'percent'
    | 'integer';
  readonly required?: true;
  readonly private?: true;
}

/** The files that can be imported, by the names of M-73, in the order in which a run would read them (M-81). */
export const FILE_ENTITIES = [
  'branches',
  'divisions',
  'routes',
  'clients',
  'workers',
  'wages',
  'jobs',
  'milestones',
  'budgets',
  'materials',
  'time_entries',
] as const;
export type FileEntity = (typeof FILE_ENTITIES)[number];

const ID = { kind: 'id' } as const;
const NEEDED_ID = { kind: 'id', required: true } as const;
const TEXT = { kind: 'text' } as const;
const NAME = { kind: 'text', required: true } as const;
const CONTACT = { kind: 'text', private: true } as const;
const WORD = { kind: 'word' } as const;
const FLAG = { kind: 'flag' } as const;
const DATE = { kind: 'date' } as const;
const NEEDED_DATE = { kind: 'date', required: true } as const;
const TIME = { kind: 'time' } as const;
const INSTANT = { kind: 'instant' } as const;
const HOURS = { kind: 'hours' } as const;
const MONEY = { kind: 'money' } as const;
const QUANTITY = { kind: 'quantity' } as const;
const PERCENT = { kind: 'percent' } as const;

/** The canonical columns of each file (M-73), to which every profile maps. */
export const COLUMNS: Readonly<Record<FileEntity, Readonly<Record<string, CanonicalColumn>>>> = {
  branches: { id: NEEDED_ID, name: NAME, code: TEXT, time_zone: TEXT, active: FLAG },
  divisions: { id: NEEDED_ID, name: NAME, branch_id: ID, active: FLAG },
  routes: { id: NEEDED_ID, name: NAME, branch_id: ID, division_id: ID, leader_worker_id: ID, active: FLAG },
  clients: {
    id: NEEDED_ID,
    name: NAME,
    kind: WORD,
    parent_id: ID,
    address: TEXT,
    city: TEXT,
    state: TEXT,
    postal_code: TEXT,
    active: FLAG,
  },
  workers: {
    id: NEEDED_ID,
    first_name: NAME,
    last_name: NAME,
    display_name: TEXT,
    employee_number: TEXT,
    payroll_id: TEXT,
    email: CONTACT,
    phone: CONTACT,
    role: TEXT,
    branch_id: ID,
    route_id: ID,
    hire_date: DATE,
    termination_date: DATE,
    active: FLAG,
    is_employee: FLAG,
  },
  wages: {
    worker_id: NEEDED_ID,
    effective_date: NEEDED_DATE,
    hourly_wage: { kind: 'rate', required: true, private: true },
    burden_percent: { kind: 'percent', private: true },
  },
  jobs: {
    id: NEEDED_ID,
    name: NAME,
    number: TEXT,
    client_id: ID,
    property_id: ID,
    branch_id: ID,
    division_id: ID,
    route_id: ID,
    manager_worker_id: ID,
    status: WORD,
    recurring: FLAG,
    service_type: TEXT,
    invoice_type: TEXT,
    start_date: DATE,
    end_date: DATE,
    completed_date: DATE,
    revenue: MONEY,
    budget_hours: HOURS,
    parent_job_id: ID,
    modified_at: INSTANT,
  },
  milestones: {
    id: NEEDED_ID,
    job_id: NEEDED_ID,
    name: NAME,
    sequence: { kind: 'integer' },
    status: WORD,
    scheduled_date: DATE,
    completed_date: DATE,
    budget_hours: HOURS,
    percent_complete: PERCENT,
    route_id: ID,
    leader_worker_id: ID,
    service_type: TEXT,
    modified_at: INSTANT,
  },
  budgets: {
    job_id: NEEDED_ID,
    milestone_id: ID,
    hours: HOURS,
    labor_amount: MONEY,
    contract_price: MONEY,
    labor_percent: PERCENT,
    rate: { kind: 'rate' },
    quantity: QUANTITY,
  },
  materials: {
    milestone_id: NEEDED_ID,
    item_id: NEEDED_ID,
    name: NAME,
    unit: NAME,
    allocated: { kind: 'quantity', required: true },
    installed: QUANTITY,
    unit_value: MONEY,
  },
  time_entries: {
    id: ID,
    worker_id: NEEDED_ID,
    job_id: ID,
    milestone_id: ID,
    date: NEEDED_DATE,
    start: TIME,
    end: TIME,
    hours: HOURS,
    break_hours: HOURS,
    kind: WORD,
    pay_code: TEXT,
    cost_code: TEXT,
    approved: FLAG,
    deleted: FLAG,
    modified_at: INSTANT,
  },
};

/** What the rows of a file become: the entity, its space of ids, and what further entities come along (M-40). */
export const BECOMES: Readonly<
  Record<FileEntity, { readonly entity: EntityName; readonly space: IdentitySpace; readonly also: readonly EntityName[] }>
> = {
  branches: { entity: 'branch', space: 'branch', also: [] },
  divisions: { entity: 'division', space: 'division', also: [] },
  routes: { entity: 'route', space: 'route', also: [] },
  clients: { entity: 'client', space: 'client', also: [] },
  workers: { entity: 'worker', space: 'worker', also: [] },
  wages: { entity: 'wage_record', space: 'wage_record', also: [] },
  jobs: { entity: 'job', space: 'job', also: ['budget_info'] },
  milestones: { entity: 'milestone', space: 'milestone', also: ['budget_info'] },
  budgets: { entity: 'budget_info', space: 'budget_info', also: [] },
  materials: { entity: 'material_allocation', space: 'material_allocation', also: [] },
  time_entries: { entity: 'time_entry', space: 'time', also: ['drive_time', 'job', 'milestone'] },
};

/** The file by its own name (`time_entries`) or by the entity that its rows become (`time_entry`); null for any other name. */
export function fileEntityOf(name: string): FileEntity | null {
  return FILE_ENTITIES.find((file) => file === name || BECOMES[file].entity === name) ?? null;
}
