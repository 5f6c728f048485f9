import { manifests } from '#functions/sync/manifests.ts';
import type { EntityName } from '#model/entities.ts';
import type { Role } from '#model/people.ts';
import type { DemoPersonKey } from '../../shared/fake-source/demo.ts';

/** A demo tenant, and the systems that it connects, in the order in which it connects them. */
export interface DemoTenant {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly sources: readonly DemoLink[];
}

/** One connection of a demo tenant; without entities the connection supplies all that its provider offers and no earlier one supplies. */
export interface DemoLink {
  readonly provider: string;
  readonly entities?: readonly EntityName[];
}

/** The tenant that has no system and uploads files. */
export const FILES_ONLY = 'Fernhill on Paper';

const ALL: readonly DemoTenant[] = [
  {
    id: 'fernhill',
    name: 'Fernhill Grounds and Site Works',
    zone: 'America/New_York',
    sources: [{ provider: 'aspire' }],
  },
  {
    id: 'secondcrew',
    name: 'Second Crew Landscaping',
    zone: 'America/New_York',
    sources: [{ provider: 'aspire' }],
  },
  {
    id: 'jobbercrew',
    name: 'Fernhill Grounds on Jobber',
    zone: 'America/New_York',
    sources: [{ provider: 'jobber' }],
  },
  {
    id: 'fernhillbuild',
    name: 'Fernhill Builders',
    zone: 'America/New_York',
    sources: [{ provider: 'procore' }],
  },
  {
    id: 'fernhillhome',
    name: 'Fernhill Home Services',
    zone: 'America/New_York',
    sources: [{ provider: 'jobber' }],
  },
  {
    id: 'fernhilltime',
    name: 'Fernhill Crews',
    zone: 'America/New_York',
    sources: [{ provider: 'quickbooks-time' }],
  },
  {
    // No system at all: people upload files, and `npm start` tells how.
    id: 'fernhillfiles',
    name: FILES_ONLY,
    zone: 'America/New_York',
    sources: [],
  },
  {
    // Projects from one system, people and their hours from another: what refers across waits for links, which the demo's admin confirms (M-43).
    id: 'fernhilltwo',
    name: 'Fernhill Projects',
    zone: 'America/New_York',
    sources: [
      { provider: 'quickbooks-time', entities: ['worker', 'wage_record', 'time_entry', 'drive_time'] },
      { provider: 'procore', entities: ['branch', 'division', 'job', 'milestone', 'budget_info'] },
    ],
  },
];

/** The tenants of the demo: those all of whose systems are integrations of the product. */
export const DEMO_TENANTS = ALL.filter(({ sources }) =>
  sources.every(({ provider }) => manifests.some((manifest) => manifest.provider === provider)),
);

/** The tokens of every demo tenant; who stands behind one, and what is theirs, the tenant's source tells. */
export const DEMO_ROLES: readonly { readonly key: DemoPersonKey; readonly role: Role }[] = [
  { key: 'owner', role: 'owner' },
  { key: 'admin', role: 'admin' },
  { key: 'manager', role: 'manager' },
  { key: 'crewLead', role: 'crew_lead' },
  { key: 'worker', role: 'worker' },
  { key: 'auditor', role: 'auditor' },
];
