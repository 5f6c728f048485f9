import type { Instant } from '#kernel/instant.ts';

export const ROLES = ['owner', 'admin', 'manager', 'crew_lead', 'worker', 'auditor'] as const;
/** `owner` is a token's or /me's word; a person who owns the account is an admin with the flag. */
export type Role = (typeof ROLES)[number];

/** What a role may reach beside its own records (M-143). Empty lists mean: nothing assigned. */
export interface AccessScope {
  readonly branchIds: readonly string[];
  readonly divisionIds: readonly string[];
  readonly routeIds: readonly string[];
}

/** A bearer token of the API: only the hash of its secret is kept. Role, scope and revocation are read on every request. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly secretHash: string;
  readonly role: Role;
  readonly workerId: string | null;
  readonly userId: string | null;
  readonly scope: AccessScope;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly revokedAt: Instant | null;
  /** The worker whom it belongs to may not sign in (M-149). */
  readonly restricted: boolean;
  /** The tenant's key for list cursors: read with the token, so a page costs no further read. */
  readonly cursorKey: string;
}

/** Who acts, as far as one request is concerned. */
export interface Actor {
  readonly kind: 'token' | 'user' | 'system';
  readonly id: string;
  readonly role: Role;
  /** The user of `/v1/users` who acts, by the own sign-in or a token that was made for them; null for a token that is no person's. */
  readonly userId: string | null;
  /** The record that stands for the person (M-149). */
  readonly workerId: string | null;
  /** Records of the same person that were merged into it. */
  readonly formerWorkerIds: readonly string[];
  readonly scope: AccessScope;
}

/** Whether a record of a worker is the caller's own. */
export function isSelf({ workerId, formerWorkerIds }: Pick<Actor, 'workerId' | 'formerWorkerIds'>, id: string | null): boolean {
  return id !== null && (id === workerId || formerWorkerIds.includes(id));
}

/** One append-only audit entry (M-153, M-154); its chain fields are filled once by the sealer. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Instant;
  readonly actor: { readonly kind: 'token' | 'user' | 'system'; readonly id: string };
  readonly action: string;
  readonly entity: string;
  readonly entityId: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string | null;
  readonly requestId: string;
  readonly source: 'web' | 'API' | 'CLI' | 'run' | 'system';
  readonly selfApproved?: true;
  /** The user whose sight the actor borrowed (M-145). */
  readonly onBehalfOf?: string;
}
