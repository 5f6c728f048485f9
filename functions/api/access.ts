import type { Role } from '#model/people.ts';

/**
 * How far a role reaches with a route (M-145): A all records of the tenant, S own scope, C own crews, O own records, R all, to read;
 * `-` not at all. For S, C and O the handler asks about each record.
 */
export type Reach = 'A' | 'S' | 'C' | 'O' | 'R' | '-';

/** A row of the permission matrix. Every role has its cell, so that a forgotten one does not compile. */
export type MatrixRow = Readonly<Record<Role, Reach>>;

/**
 * Who may use a route and whose data it touches. A route without it does not compile. `tenant: 'token'`: only the tenant that the
 * caller's token belongs to, or that a person asks for as its member; `tenant: 'person'`: whoever signed in, member or not;
 * `tenant: 'none'`: the route touches no tenant's data and asks for no token.
 */
export type Access = TenantAccess | { readonly tenant: 'person' } | { readonly tenant: 'none' };
export type TenantAccess = { readonly tenant: 'token'; readonly matrix: MatrixRow };

/** A route for whoever signed in. What it may touch is told by the person's own memberships, or by an invitation. */
export const SIGNED_IN: Access = { tenant: 'person' };

/** A route that anybody may call and that reads no tenant's data. */
export const PUBLIC: Access = { tenant: 'none' };

/**
 * A route that somebody else sends people to, without a token. What it may touch is told by a secret of one use that we have given out.
 */
export const BY_ONE_TIME_SECRET: Access = { tenant: 'none' };

/** A route that a provider posts its events to. They are believed only with the provider's proof, and touch nothing but what is synced next. */
export const BY_PROVIDERS_PROOF: Access = { tenant: 'none' };

/** A matrix row in the order of M-145: owner, admin, manager, crew lead, worker, auditor. */
export function allow(owner: Reach, admin: Reach, manager: Reach, crewLead: Reach, worker: Reach, auditor: Reach): TenantAccess {
  return { tenant: 'token', matrix: { owner, admin, manager, crew_lead: crewLead, worker, auditor } };
}

/** Rows of M-145 that several routes share. */
export const SEE_CONNECTION_STATE = allow('A', 'A', 'R', 'R', 'R', 'R');
export const SEE_RUNS = allow('A', 'A', 'S', '-', '-', 'R');
export const MANAGE_CONNECTIONS = allow('A', 'A', '-', '-', '-', '-');
export const SEE_MIRROR = allow('A', 'A', 'S', 'C', 'O', 'R');
export const SEE_SETTINGS = allow('A', 'A', 'R', '-', '-', 'R');
export const CHANGE_SETTINGS = allow('A', 'A', '-', '-', '-', '-');
export const SEE_AUDIT = allow('A', 'A', '-', '-', '-', 'R');
/** The change feed names every record of the tenant, so whoever follows it has to be one who sees them all (M-145, M-158). */
export const SEE_CHANGES = allow('A', 'A', '-', '-', '-', 'R');
export const OWN_PROFILE = allow('O', 'O', 'O', 'O', 'O', 'O');
/** See ProPays and bonuses (M-145). */
export const SEE_PROPAYS = allow('A', 'A', 'S', 'C', 'O', 'R');
/** Create, edit, approve, unapprove, cancel, restore (M-145). */
export const CHANGE_PROPAYS = allow('A', 'A', 'S', '-', '-', '-');
/** Delete a ProPay (M-145). */
export const DELETE_PROPAYS = allow('A', 'A', '-', '-', '-', '-');
