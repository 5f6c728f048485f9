import { mapRawRow, readText, refuseRow, requireText } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { crewRow, departmentRow, officeRow, regionRow } from '../wire.ts';
import { companyBranchId, crewKey, type MapContext, UNSTAMPED } from './context.ts';
import { mapRow, readId, refId } from './read.ts';

/** The one branch that stands for the whole company, so that every job has a branch and a pay period (M-28). */
export function companyBranch(context: MapContext, name: string | null): MappedRow {
  const fields = { name: name ?? 'Procore', code: null, zone: null, city: null, active: true, derived: true };
  return branch(companyBranchId(context), fields);
}

/** Offices → branch. */
export function mapOffice(raw: unknown): MappedRow {
  return mapRow(officeRow, raw, (row, sourceId) =>
    branch(`office:${sourceId}`, {
      name: requireText(row.name, 'name'),
      code: readText(row.division, 'division'),
      zone: null,
      city: readText(row.city, 'city'),
      active: true,
      derived: false,
    }),
  );
}

/** Project regions → branch. */
export function mapRegion(raw: unknown): MappedRow {
  return mapRow(regionRow, raw, (row, sourceId) =>
    branch(`region:${sourceId}`, {
      name: requireText(row.name, 'name'),
      code: null,
      zone: null,
      city: null,
      active: true,
      derived: false,
    }),
  );
}

type BranchFields = {
  readonly name: string;
  readonly code: string | null;
  readonly zone: null;
  readonly city: string | null;
  readonly active: boolean;
  readonly derived: boolean;
};

function branch(sourceId: string, fields: BranchFields): MappedRow {
  return { kind: 'record', also: [], record: { entity: 'branch', space: 'branch', sourceId, ...UNSTAMPED, fields } };
}

/** Departments → division, not bound to a branch (M-29). */
export function mapDepartment(raw: unknown): MappedRow {
  const parse = (row: object): { row: { readonly name?: string | null | undefined } } | { field: string } => {
    const parsed = departmentRow.safeParse(row);
    return parsed.success ? { row: parsed.data } : { field: 'name' };
  };
  // Its id may be missing, so the row itself is the key.
  const keyed = { key: 'name', readId: (_value: unknown) => departmentId(raw), parse, privateFields: new Set<string>() };
  return mapRawRow(keyed, raw, (row, sourceId) => ({
    kind: 'record',
    also: [],
    record: {
      entity: 'division',
      space: 'division',
      sourceId,
      ...UNSTAMPED,
      fields: {
        name: requireText(row.name, 'name'),
        code: null,
        branchId: null,
        overhead: false,
        active: true,
        origin: 'synced',
      },
    },
  }));
}

/** A department's id, or its name where the source tells no id; null for neither. */
export function departmentId(raw: unknown): string | null {
  const parsed = departmentRow.safeParse(raw);
  if (!parsed.success) return refuseRow('type_invalid', 'departments', raw);
  const name = readText(parsed.data.name, 'name');
  return readId(parsed.data.id, 'departments') ?? (name === null ? null : `name:${name.trim()}`);
}

/** Crews of a project → route. A crew has people, and no branch of its own. */
export function mapCrew(raw: unknown, projectId: string): MappedRow {
  return mapRow(crewRow, raw, (row, crewId) => ({
    kind: 'record',
    also: [],
    record: {
      entity: 'route',
      space: 'route',
      sourceId: crewKey(projectId, crewId),
      ...UNSTAMPED,
      fields: {
        name: requireText(row.name, 'name'),
        branchId: null,
        divisionId: null,
        crewLeadId: refId(row.lead_party, 'lead_party'),
        managerId: null,
        memberIds: [...new Set((row.members ?? []).map((one) => refId(one, 'members')).filter((id) => id !== null))].sort(),
        order: null,
        active: true,
      },
    },
  }));
}
