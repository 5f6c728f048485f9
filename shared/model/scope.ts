/**
 * Proof that a piece of code may touch one tenant's data. It can only be made from something that was checked: a verified token,
 * a connection record, or an operator's command. Every store call takes one, so a missing tenant check does not compile (I18).
 */
declare const checked: unique symbol;

export interface TenantScope {
  readonly tenantId: string;
  readonly [checked]: true;
}

/** Tenant ids are lower-case letters and digits, so that they never contain a key separator. */
const TENANT_ID = /^[a-z0-9]{4,32}$/;

/** True when the text has the form of a tenant id; says nothing about whether such a tenant exists. */
export function isTenantId(text: string): boolean {
  return TENANT_ID.test(text);
}

/**
 * Makes a scope for a tenant id that its caller has verified: the authorizer's answer, a connection record, a stream record's own key,
 * or an operator's credentials. Throws on text that cannot be a tenant id, so that a forged id never reaches a key.
 */
export function scopeOf(verifiedTenantId: string): TenantScope {
  if (!isTenantId(verifiedTenantId)) throw new Error('not a tenant id');
  return { tenantId: verifiedTenantId } as TenantScope;
}
