import { addDays, type LocalDate } from '#kernel/instant.ts';
import type { AccessScope, Role } from '#model/people.ts';
import type { SourceDataset } from '../../shared/fake-source/dataset.ts';

/** A demo tenant: its source account, and the people of that source its tokens stand for. */
export interface DemoTenant {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly clientId: string;
  readonly secret: string;
  readonly dataset: SourceDataset;
  /** Added to every id of the recorded company, so that the two tenants share none. */
  readonly idOffset: number;
}

/** A token of the demo: whose it is in the source, and what it may reach there. */
export interface DemoPerson {
  readonly key: 'owner' | 'admin' | 'manager' | 'crewLead' | 'worker' | 'auditor';
  readonly role: Role;
  readonly contactId: number | null;
  readonly branchIds: readonly number[];
  readonly routeIds: readonly number[];
}

/** The recorded company's own people: 512 runs the North Yard, 503 leads Mow North, 504 works there. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { key: 'owner', role: 'owner', contactId: 501, branchIds: [], routeIds: [] },
  { key: 'admin', role: 'admin', contactId: null, branchIds: [], routeIds: [] },
  { key: 'manager', role: 'manager', contactId: 512, branchIds: [3], routeIds: [] },
  { key: 'crewLead', role: 'crew_lead', contactId: 503, branchIds: [], routeIds: [21] },
  { key: 'worker', role: 'worker', contactId: 504, branchIds: [], routeIds: [] },
  { key: 'auditor', role: 'auditor', contactId: null, branchIds: [], routeIds: [] },
];

/** The day before the first entry: both the start of the import and the launch of ProPays, so that all of the recording counts. */
export function dayBeforeFirstEntry(dataset: SourceDataset): LocalDate {
  const days = (dataset.endpoints['/WorkTicketTimes'] ?? []).map((row) => String(row.WorkTicketTimeDate).slice(0, 10)).sort();
  const first = days[0];
  if (first === undefined) throw new Error('the demo dataset holds no time entry');
  return addDays(first, -1);
}

/** An empty scope with what a demo person has been given; ids are those of the mirror. */
export function scopeOfPerson(person: DemoPerson, mirrorIdOf: (space: 'branch' | 'route', id: number) => string): AccessScope {
  return {
    branchIds: person.branchIds.map((id) => mirrorIdOf('branch', id)),
    divisionIds: [],
    routeIds: person.routeIds.map((id) => mirrorIdOf('route', id)),
  };
}
