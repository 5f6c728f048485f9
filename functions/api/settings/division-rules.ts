import * as z from 'zod/mini';
import { refuse } from '#kernel/errors.ts';
import { referenceKey } from '#model/keys.ts';
import type { LinkedDivisions } from '#model/linked-divisions.ts';
import { localDivisionOf } from '#model/local-division.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { TenantScope } from '#model/scope.ts';
import type { DivisionRule } from '#model/settings.ts';
import type { Table } from '#store/table.ts';
import { idText } from '../edge.ts';
import { unknownReference } from './references.ts';

const unsaid = <T extends z.ZodMiniType>(schema: T) => z._default(z.nullable(schema), null as never);
const text = (maxLength: number) => z.string().check(z.minLength(1), z.maxLength(maxLength));

/** A rule of `org.divisionRules`; conditions that are left out are not asked (M-141). */
export const divisionRuleShape = z.strictObject({
  divisionId: idText,
  branchId: idText,
  serviceType: unsaid(text(200)),
  namePattern: unsaid(text(200)),
  customField: unsaid(z.strictObject({ field: text(100), values: z.array(text(200)).check(z.minLength(1), z.maxLength(100)) })),
  routeId: unsaid(idText),
  clientId: unsaid(idText),
});

/** A rule asks for something beside its branch, and its pattern for more than any name. */
export function assertDivisionRule({ serviceType, namePattern, customField, routeId, clientId }: DivisionRule, at: number): void {
  const field = `values.divisionRules.${at}`;
  if ([serviceType, namePattern, customField, routeId, clientId].every((condition) => condition === null))
    refuse('invalid-rule', { field, detail: 'needs a condition beside the branch' });
  if (namePattern !== null && /^[*?\s]*$/.test(namePattern))
    refuse('invalid-rule', { field: `${field}.namePattern`, detail: 'would match every name' });
}

/**
 * Rules name local divisions of their branch (M-141, M-151); a synced division takes its jobs from the source, and from the rules of a local
 * one whose place it took.
 */
export async function requireLocalDivisions(
  table: Table,
  scope: TenantScope,
  rules: readonly DivisionRule[],
  linked: LinkedDivisions,
): Promise<void> {
  const heirs = new Set(Object.values(linked));
  const keys = rules.map(({ divisionId }) => referenceKey(scope, 'division', divisionId));
  const items = await table.batchGet(scope, keys);
  const wrong = rules.findIndex(({ branchId }, at) => {
    const item = items[at] ?? null;
    const division = item === null ? null : decodeMirrorRecord<'division'>(item);
    if (division !== null && heirs.has(division.id)) return division.fields.branchId !== branchId;
    return division === null || localDivisionOf(division)?.branchId !== branchId;
  });
  if (wrong >= 0) throw unknownReference(`/values/divisionRules/${wrong}/divisionId`, 'names no local division of the branch');
}
