import { ianaZone } from '#kernel/windows-zones.ts';
import { readInteger, readText, requireText } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { branchRow, divisionRow, routeRow } from '../wire.ts';
import { mapRow, readId } from './read.ts';

/** Branches → branch. Without stamps; the zone comes as a Windows or an IANA name, an unknown one counts as none (M-57). */
export function mapBranch(raw: unknown): MappedRow {
  return mapRow(branchRow, 'BranchID', raw, (row, sourceId) => {
    const zoneName = readText(row.TimeZone, 'TimeZone');
    const zone = zoneName === null ? null : ianaZone(zoneName);
    return {
      kind: 'record',
      also: [],
      record: {
        entity: 'branch',
        space: 'branch',
        sourceId,
        ...UNSTAMPED,
        fields: {
          name: requireText(row.BranchName, 'BranchName'),
          code: readText(row.BranchCode, 'BranchCode'),
          zone,
          city: readText(row.BranchAddressCity, 'BranchAddressCity'),
          active: row.Active !== false,
          derived: false,
        },
        ...(zoneName !== null && zone === null ? { warnings: ['zone_unknown'] } : {}),
      },
    };
  });
}

/** Divisions → division; the flag Indirect makes its time overhead (M-57). Divisions are not bound to a branch (M-29). */
export function mapDivision(raw: unknown): MappedRow {
  return mapRow(divisionRow, 'DivisionID', raw, (row, sourceId) => ({
    kind: 'record',
    also: [],
    record: {
      entity: 'division',
      space: 'division',
      sourceId,
      ...UNSTAMPED,
      fields: {
        name: requireText(row.DivisionName, 'DivisionName'),
        code: readText(row.DivisionCode, 'DivisionCode'),
        branchId: null,
        overhead: row.Indirect === true,
        active: row.Active !== false,
        origin: 'synced',
      },
    },
  }));
}

/** Routes → route. The source lists properties and services of a route but no crew members. */
export function mapRoute(raw: unknown): MappedRow {
  return mapRow(routeRow, 'RouteID', raw, (row, sourceId) => ({
    kind: 'record',
    also: [],
    record: {
      entity: 'route',
      space: 'route',
      sourceId,
      ...UNSTAMPED,
      fields: {
        name: requireText(row.RouteName, 'RouteName'),
        branchId: readId(row.BranchID, 'BranchID'),
        divisionId: readId(row.DivisionID, 'DivisionID'),
        crewLeadId: readId(row.CrewLeaderContactID, 'CrewLeaderContactID'),
        managerId: readId(row.ManagerContactID, 'ManagerContactID'),
        memberIds: [],
        order: readInteger(row.DisplayOrder, 'DisplayOrder'),
        active: row.Active !== false,
      },
    },
  }));
}

/** Lists without any stamp or status of their own. */
const UNSTAMPED = { sourceUpdatedAt: null, sourceCreatedAt: null, sourceStatus: null } as const;
