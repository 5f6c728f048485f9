import { ianaZone } from '#kernel/windows-zones.ts';
import { alone, branchOf, type MapFields, UNSTATED } from './context.ts';

/** A row of `branches`. A zone that nobody knows is told: local times would be read in another one. */
export const mapBranch: MapFields = (row, place) => {
  const zoneName = row.text('time_zone');
  const zone = zoneName === null ? null : ianaZone(zoneName);
  if (zoneName !== null && zone === null) row.error(row.layout.columns.time_zone!, 'UNKNOWN_WORD', 'is no time zone', zoneName);
  return alone({
    entity: 'branch',
    space: 'branch',
    ...place,
    ...UNSTATED,
    fields: {
      name: row.text('name') ?? '',
      code: row.text('code'),
      zone,
      city: null,
      active: row.flag('active') ?? true,
      derived: false,
    },
  });
};

export const mapDivision: MapFields = (row, place) =>
  alone({
    entity: 'division',
    space: 'division',
    ...place,
    ...UNSTATED,
    fields: {
      name: row.text('name') ?? '',
      code: null,
      branchId: row.id('branch_id'),
      overhead: false,
      active: row.flag('active') ?? true,
      origin: 'synced',
    },
  });

export const mapRoute: MapFields = (row, place) =>
  alone({
    entity: 'route',
    space: 'route',
    ...place,
    ...UNSTATED,
    fields: {
      name: row.text('name') ?? '',
      branchId: branchOf(row),
      divisionId: row.id('division_id'),
      crewLeadId: row.id('leader_worker_id'),
      managerId: null,
      memberIds: [],
      order: null,
      active: row.flag('active') ?? true,
    },
  });

/** A row of `clients`: a client, or a property, which has a list of ids of its own. */
export const mapClient: MapFields = (row, place) => {
  const kind = row.word('kind', { client: 'client', property: 'property' }) ?? 'client';
  return alone({
    entity: 'client',
    space: kind,
    ...place,
    ...UNSTATED,
    fields: {
      kind,
      name: row.text('name') ?? '',
      number: null,
      parentId: row.id('parent_id'),
      line1: row.text('address'),
      city: row.text('city'),
      region: row.text('state'),
      postalCode: row.text('postal_code'),
      country: null,
      active: row.flag('active') ?? true,
    },
  });
};
