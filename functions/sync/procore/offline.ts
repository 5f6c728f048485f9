import { localDateOf } from '#kernel/zone.ts';
import { isWireObject, type OfflineMapping, type OfflinePayload, readOfflinePayload } from '#mirror/offline.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { newSettings } from '#model/provider-settings.ts';
import { idOf } from './listing.ts';
import { manifest } from './manifest.ts';
import { mapBudgetLines } from './map/budget-line.ts';
import { crewKey, type MapContext } from './map/context.ts';
import { mapCrew, mapDepartment, mapOffice, mapRegion } from './map/organisation.ts';
import { mapProject, type OnlyCrew, projectStatus } from './map/project.ts';
import { refId } from './map/read.ts';
import { mapTimecard } from './map/timecard.ts';
import { mapPerson } from './map/worker.ts';
import { People } from './people.ts';
import { crewRow, projectRow, stageRow } from './wire.ts';

/** The lists whose rows become records, with the address under which the source serves each; `{}` stands for an id. */
const PATHS = {
  offices: 'rest/v1.0/offices',
  departments: 'rest/v1.0/departments',
  project_regions: 'rest/v1.0/companies/{}/project_regions',
  crews: 'rest/v1.0/projects/{}/crews',
  people: 'rest/v1.0/companies/{}/people',
  people_inactive: 'rest/v1.0/companies/{}/people/inactive',
  projects: 'rest/v1.1/projects',
  budgeted_production_quantities: 'rest/v1.0/projects/{}/budgeted_production_quantities',
  timecard_entries: 'rest/v1.0/companies/{}/timecard_entries',
} as const;
type ListName = keyof typeof PATHS;

const NAMES = Object.keys(PATHS) as ListName[];

/** A raw row, with the project whose list it came from where that is known. */
type Held = { readonly raw: unknown; readonly projectId: string | null };
/** Every list of a recorded company, or the one list of an answer. */
type Lists = (name: string) => readonly Held[];

/** `npm run map -- procore`: a list answer, one row, or a recorded company, whose other lists serve the joins. */
export const offline: OfflineMapping = {
  lists: NAMES,
  async map(name, text, options) {
    const list = NAMES.find((known) => known === name);
    const payload = readOfflinePayload(text);
    if (list === undefined || payload === null) return null;
    const lists = listsOf(payload, list);
    const rows = lists(list);
    if (payload.kind === 'answer' && rows.length === 0 && !Array.isArray(payload.body)) return null;
    const now = (payload.kind === 'dataset' ? payload.snapshotAt : null) ?? options.now;
    // Without a connection nobody has chosen projects or a day of connecting: every project counts, and no row is too old.
    const projectAllowList = projectIdsOf(lists);
    const company = lists('companies')[0];
    const context: MapContext = {
      settings: { ...newSettings(manifest, '2000-01-01'), projectAllowList, branchFrom: 'office', divisionFrom: 'department' },
      companyId: (company && idOf(company.raw)) ?? '0',
      zone: options.zone,
      today: localDateOf(now, options.zone),
      byId: false,
    };
    return mapList(list, rows, lists, context);
  },
};

function mapList(list: ListName, rows: readonly Held[], lists: Lists, context: MapContext): readonly MappedRow[] {
  switch (list) {
    case 'offices':
      return rows.map(({ raw }) => mapOffice(raw));
    case 'project_regions':
      return rows.map(({ raw }) => mapRegion(raw));
    case 'departments':
      return rows.map(({ raw }) => mapDepartment(raw));
    case 'crews':
      return rows.map(({ raw, projectId }) => mapCrew(raw, projectId ?? '0'));
    case 'people':
    case 'people_inactive': {
      const people = peopleOf(lists);
      return rows.map(({ raw }) => mapPerson(raw, people, list === 'people'));
    }
    case 'projects': {
      const stages = stagesOf(lists);
      return rows.map(({ raw }) => mapProject(raw, context, stages, onlyCrewOf(lists, idOf(raw))));
    }
    case 'budgeted_production_quantities':
      return byProject(rows).flatMap(([projectId, own]) => mapBudgetLines(own, projectId, statusOf(lists, projectId, context)));
    case 'timecard_entries': {
      const people = peopleOf(lists);
      const lines = new Map(
        byProject(lists('budgeted_production_quantities')).map(([projectId, own]) => [
          projectId,
          new Set(
            mapBudgetLines(own, projectId, 'pending').flatMap((row) => (row.kind === 'record' ? [row.record.sourceId] : [])),
          ),
        ]),
      );
      const joins = {
        linesOf: (projectId: string) => lines.get(projectId) ?? null,
        personOf: (loginId: string) => people.personOf(loginId),
      };
      return rows.map(({ raw }) => mapTimecard(raw, context, joins));
    }
  }
}

function listsOf(payload: OfflinePayload, list: ListName): Lists {
  if (payload.kind === 'answer') {
    const { body } = payload;
    const rows = Array.isArray(body) ? body : isWireObject(body) ? (Array.isArray(body.data) ? body.data : [body]) : [];
    const held = rows.map((raw) => ({ raw, projectId: projectOf(raw) }));
    return (name) => (name === list ? held : []);
  }
  const known = new Map<string, readonly Held[]>();
  for (const [path, rows] of Object.entries(payload.endpoints)) {
    const defaults = payload.defaults[path];
    const name = nameOf(path);
    // Version 1.1 holds more than 1.0: where both were recorded it counts.
    if (name !== 'projects' || path.includes('v1.1') || !known.has(name)) known.set(name, heldRows(rows, defaults));
  }
  return (name) => known.get(name) ?? [];
}

/** The list at a recorded address: its own name, or the last part of an address that is not mapped itself. */
function nameOf(path: string): string {
  const plain = path
    .replace(/^\//, '')
    .replace(/\?.*$/, '')
    .replace(/\{[^}]*\}/g, '{}');
  const own = NAMES.find((name) => PATHS[name] === plain || name === plain);
  if (own !== undefined) return own;
  if (plain.endsWith('users/inactive')) return 'users_inactive';
  if (plain.endsWith('crews/ids')) return 'crew_ids';
  return plain.slice(plain.lastIndexOf('/') + 1);
}

function heldRows(rows: unknown, defaults: unknown): readonly Held[] {
  const base = isWireObject(defaults) ? defaults : {};
  const held = (list: unknown, project: string | null): Held[] =>
    (Array.isArray(list) ? list : []).map((row) => {
      const raw: unknown = isWireObject(row) ? { ...base, ...row } : row;
      return { raw, projectId: project ?? projectOf(raw) };
    });
  if (Array.isArray(rows)) return held(rows, null);
  return isWireObject(rows) ? Object.entries(rows).flatMap(([project, list]) => held(list, project)) : [];
}

function projectOf(raw: unknown): string | null {
  if (!isWireObject(raw)) return null;
  const project = raw.project_id ?? raw.__project ?? (isWireObject(raw.project) ? raw.project.id : null);
  return project === null || project === undefined ? null : idOf({ id: project });
}

function projectIdsOf(lists: Lists): string[] {
  const ids = NAMES.flatMap((name) => lists(name).map(({ raw, projectId }) => (name === 'projects' ? idOf(raw) : projectId)));
  return [...new Set(ids.filter((id) => id !== null))];
}

function byProject(rows: readonly Held[]): (readonly [string, unknown[]])[] {
  const grouped = new Map<string, unknown[]>();
  for (const { raw, projectId } of rows) {
    const own = grouped.get(projectId ?? '0') ?? [];
    own.push(raw);
    grouped.set(projectId ?? '0', own);
  }
  return [...grouped];
}

function peopleOf(lists: Lists): People {
  const raw = (...names: string[]) => names.flatMap((name) => lists(name).map((held) => held.raw));
  return new People(raw('users', 'users_inactive'), raw('people', 'people_inactive'));
}

function stagesOf(lists: Lists): ReadonlyMap<string, string> {
  const stages = new Map<string, string>();
  for (const { raw } of lists('project_stages')) {
    const row = stageRow.safeParse(raw);
    const id = idOf(raw);
    if (row.success && id !== null && row.data.category) stages.set(id, row.data.category);
  }
  return stages;
}

function statusOf(lists: Lists, projectId: string, { settings }: MapContext) {
  const project = lists('projects').find(({ raw }) => idOf(raw) === projectId);
  const row = project ? projectRow.safeParse(project.raw) : null;
  const status = row?.success === true ? projectStatus(row.data, settings, stagesOf(lists)) : null;
  return status === null || status === 'draft' ? 'pending' : status;
}

function onlyCrewOf(lists: Lists, projectId: string | null): OnlyCrew | null {
  const own = lists('crews').filter((crew) => crew.projectId === projectId);
  const row = own.length === 1 ? crewRow.safeParse(own[0]!.raw) : null;
  const id = row === null ? null : idOf(own[0]!.raw);
  if (row?.success !== true || id === null || projectId === null) return null;
  return { crewKey: crewKey(projectId, id), leadId: refId(row.data.lead_party, 'lead_party') };
}
