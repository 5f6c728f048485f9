import { SEE_MIRROR } from '../access.ts';
import { choiceParameter } from '../query.ts';
import { mirrorList, mirrorRecord } from './collection.ts';
import { listed, referenceRange } from './ranges.ts';

/** Branches, divisions, routes and clients: where work belongs and for whom it is done. */
export const listBranches = mirrorList({
  path: '/v1/branches',
  entity: 'branch',
  summary: 'Branches',
  access: SEE_MIRROR,
  filters: {},
  combinations: [{ filters: [], ranges: ({ scope }) => [referenceRange(scope, 'branch')] }],
});
export const getBranch = mirrorRecord({ path: '/v1/branches/{id}', entity: 'branch', summary: 'One branch', access: SEE_MIRROR });

export const listDivisions = mirrorList({
  path: '/v1/divisions',
  entity: 'division',
  summary: 'Divisions',
  access: SEE_MIRROR,
  filters: {},
  combinations: [{ filters: [], ranges: ({ scope }) => [referenceRange(scope, 'division')] }],
});
export const getDivision = mirrorRecord({
  path: '/v1/divisions/{id}',
  entity: 'division',
  summary: 'One division',
  access: SEE_MIRROR,
});

export const listRoutes = mirrorList({
  path: '/v1/routes',
  entity: 'route',
  summary: 'Routes with their crews',
  access: SEE_MIRROR,
  filters: {},
  combinations: [{ filters: [], ranges: ({ scope }) => [referenceRange(scope, 'route')] }],
});
export const getRoute = mirrorRecord({ path: '/v1/routes/{id}', entity: 'route', summary: 'One route', access: SEE_MIRROR });

export const listClients = mirrorList({
  path: '/v1/clients',
  entity: 'client',
  summary: 'Clients and their properties',
  access: SEE_MIRROR,
  filters: { kind: choiceParameter(['client', 'property'], 'Only clients, or only properties') },
  combinations: [
    { filters: [], ranges: ({ scope }) => [listed(scope, 'CLIENT')] },
    { filters: ['kind'], ranges: ({ scope, filters }) => [listed(scope, 'CLIENT', filters.kind!)] },
  ],
});
export const getClient = mirrorRecord({ path: '/v1/clients/{id}', entity: 'client', summary: 'One client', access: SEE_MIRROR });
