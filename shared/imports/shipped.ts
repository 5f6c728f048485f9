import { COLUMNS, type FileEntity } from './columns.ts';
import { type Profile, readProfile } from './profile.ts';
import { canonicalName } from './profile-parts.ts';

/** The profile of a file that has the canonical columns under their own names (M-73): nothing has to be mapped. */
export function canonicalProfile(entity: FileEntity): Profile {
  return checked({
    profile: canonicalName(entity),
    version: 1,
    entity,
    columns: Object.fromEntries(Object.keys(COLUMNS[entity]).map((name) => [name, { from: name }])),
  });
}

/** The payroll export of BusyBusy (section 7 of the file contract). Its ids change with every edit, so rows go by what they say. */
export const BUSYBUSY: Profile = checked({
  profile: 'busybusy-payroll-export',
  version: 1,
  entity: 'time_entries',
  csv: { encoding: 'utf-8', delimiter: ',', header: 'required' },
  locale: {
    decimal: '.',
    date: ['yyyy-MM-dd', 'M/d/yyyy'],
    time: ['HH:mm', 'HH:mm:ss', 'h:mm a'],
    dateTime: ['yyyy-MM-dd HH:mm:ss', 'M/d/yyyy h:mm a'],
    timeZone: 'tenant',
  },
  columns: {
    worker_id: { from: 'EmployeeId', required: true },
    date: { from: 'Date', required: true },
    start: { from: 'Start' },
    end: { from: 'End' },
    hours: { from: 'Hours', unit: 'hours' },
    break_hours: { from: 'BreakHours', unit: 'hours' },
    pay_code: { from: 'WageType' },
    cost_code: { from: 'CostCode' },
    job_id: { from: ['ProjectNumber', 'Project'], join: ' ' },
    milestone_id: { from: ['SubProject1Number', 'SubProject1Name'], join: ' ' },
  },
  parents: {
    worker: { by: ['EmployeeId'], create: false },
    job: { by: ['ProjectNumber', 'Project'], create: true },
    milestone: { by: ['SubProject1Number', 'SubProject1Name', 'CostCode'], create: true },
  },
  identity: [
    'EmployeeId',
    'Date',
    'Start',
    'End',
    'ProjectNumber',
    'Project',
    'SubProject1Number',
    'SubProject2Number',
    'CostCode',
    'WageType',
  ],
  duplicates: 'count',
  window: { column: 'date', mode: 'replace' },
  drop: ['Wage', 'Cost', 'BudgetedCost', 'SafetySignOffInjured', 'CorrectTimeSignOffTimeAccurate', 'Description'],
  ignore: [
    'Id',
    'CreatedBy',
    'LastEditedBy',
    'FirstName',
    'LastName',
    'EmployeePosition',
    'EmployeeGroup',
    'BudgetedHours',
    'Customer',
    'ProjectCity',
    'ProjectState',
    'ProjectGroup',
    'SubProject2Name',
    ...[3, 4, 5, 6].flatMap((level) => [`SubProject${level}Number`, `SubProject${level}Name`]),
    'CostCodeDescription',
    'CostCodeGroup',
    'Equipment',
    'EquipmentMakeModel',
    'EquipmentMeterReading',
  ],
});

/** Profiles that every tenant may use or copy. For other layouts the tenant maps columns at its first upload (M-74). */
export const SHIPPED_PROFILES: readonly Profile[] = [BUSYBUSY];

function checked(raw: unknown): Profile {
  const read = readProfile(raw);
  if ('profile' in read) return read.profile;
  throw new Error(read.problems.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '));
}
