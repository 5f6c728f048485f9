/**
 * Short attribute names for stored records, so that an entry of a worker's day stays under half a kilobyte. One dictionary for all
 * entities: the same thing has the same short name everywhere. Nulls are not stored: an absent attribute reads as null.
 */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  name: 'n',
  code: 'c',
  zone: 'z',
  city: 'ci',
  active: 'a',
  derived: 'de',
  branchId: 'b',
  divisionId: 'd',
  routeId: 'r',
  crewLeadId: 'cl',
  managerId: 'mg',
  memberIds: 'me',
  assignedIds: 'as',
  overhead: 'ov',
  origin: 'og',
  order: 'or',
  kind: 'k',
  number: 'nr',
  parentId: 'pa',
  parentJobId: 'pj',
  line1: 'l1',
  region: 'rg',
  postalCode: 'pc',
  country: 'co',
  displayName: 'dn',
  firstName: 'fn',
  lastName: 'ln',
  email: 'em',
  phone: 'ph',
  employeeNumber: 'en',
  payrollId: 'py',
  sourceActive: 'sa',
  sourceRole: 'so',
  hireDate: 'hd',
  terminationDate: 'td',
  loginId: 'li',
  workerId: 'w',
  effectiveFrom: 'ef',
  rateE4: 're',
  currency: 'cu',
  burdenBp: 'bb',
  clientId: 'ct',
  propertyId: 'pp',
  status: 's',
  recurring: 'rc',
  serviceType: 'st',
  invoiceType: 'it',
  startDate: 'sd',
  endDate: 'ed',
  completedAt: 'cm',
  canceledAt: 'ca',
  contractPriceCents: 'cp',
  customFields: 'cf',
  sourceUrl: 'ur',
  jobId: 'j',
  milestoneId: 'm',
  review: 'rv',
  sequence: 'sq',
  scheduledDate: 'sc',
  scheduledStart: 'ss',
  scheduledEnd: 'se',
  percentBp: 'pt',
  timeAndMaterials: 'tm',
  budgetSeconds: 'bs',
  laborAmountCents: 'la',
  laborShareBp: 'ls',
  quantityE4: 'q',
  tasks: 'ta',
  basis: 'ba',
  item: 'im',
  unit: 'un',
  allocatedE4: 'al',
  installedE4: 'in',
  unitValueCents: 'uv',
  category: 'cg',
  attribution: 'at',
  start: 't0',
  end: 't1',
  workDate: 'wd',
  durationSeconds: 'du',
  breakSeconds: 'br',
  open: 'op',
  warranty: 'wa',
  sourceOvertimeSeconds: 'ot',
  approvedAtSource: 'ap',
  lockedAtSource: 'lo',
};

const LONG_NAMES: ReadonlyMap<string, string> = new Map(Object.entries(SHORT_NAMES).map(([long, short]) => [short, long]));

/** Fields in their stored form: short names, nulls left out. Throws on a field without a short name, so none can be stored by accident. */
export function shorten(
  fields: Readonly<Record<string, unknown>>,
  except: ReadonlySet<string> = NOTHING,
): Record<string, unknown> {
  const stored: Record<string, unknown> = {};
  for (const [long, value] of Object.entries(fields)) {
    if (value === null || value === undefined || except.has(long)) continue;
    const short = SHORT_NAMES[long];
    if (short === undefined) throw new Error(`no short name for field ${long}`);
    stored[short] = value;
  }
  return stored;
}

/** The reverse of `shorten`; `names` are the entity's fields, so that absent ones come back as null. */
export function lengthen(stored: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of names) fields[name] = null;
  for (const [short, value] of Object.entries(stored)) {
    const long = LONG_NAMES.get(short);
    if (long !== undefined) fields[long] = value;
  }
  return fields;
}

const NOTHING: ReadonlySet<string> = new Set();
