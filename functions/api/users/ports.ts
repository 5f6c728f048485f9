import type { Environment } from '#platform/aws-environment.ts';
import { openPeoplePool, type PeoplePool } from '#platform/people-pool.ts';
import { requiredVariable } from '#platform/ports.ts';
import { type ApiPorts, apiPorts } from '../ports.ts';
import { routeDefiner } from '../route.ts';

/** What users reach beside the table: the pool that they sign in to. */
export interface UserPorts extends ApiPorts {
  readonly pool: PeoplePool;
}

/** Defines a route that changes who can sign in. */
export const defineUserRoute = routeDefiner<UserPorts>();

/** The ports of the deployed function. Throws where a variable is missing. */
export function userPorts(environment: Environment = process.env): UserPorts {
  return { ...apiPorts(environment), pool: openPeoplePool(requiredVariable(environment, 'USER_POOL_ID'), environment) };
}
