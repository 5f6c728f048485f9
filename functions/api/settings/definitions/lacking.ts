import { holds } from '#bonus/definitions.ts';
import { listPartition } from '#model/keys.ts';
import { decodeProPay } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from '#store/table.ts';

/** Active ProPays looked at for the figure below. */
const MOST = 1_000;

/** How many Active ProPays do not hold each definition as it is now. */
export interface Lacking {
  readonly byId: ReadonlyMap<string, number>;
  readonly counted: number;
  /** False where there are more Active ProPays than were looked at. */
  readonly complete: boolean;
}

/** Counts the Active ProPays that lack a definition or hold an earlier form of it, over the first thousand of them. */
export async function countLacking(
  table: Table,
  scope: TenantScope,
  list: 'disqualifiers' | 'penalties',
  definitions: readonly { readonly id: string; readonly revision: number }[],
): Promise<Lacking> {
  if (definitions.length === 0) return { byId: new Map(), counted: 0, complete: true };
  const active = { index: 'by', partition: listPartition(scope, 'PP'), prefix: 'Active#', limit: MOST } as const;
  const { items, after } = await table.query(scope, active);
  const keys = items.map(({ pk, sk }) => ({ pk, sk }));
  const found = await table.batchGet(scope, keys, { consistent: false });
  const proPays = found
    .flatMap((item) => (item === null ? [] : [decodeProPay(item)]))
    .filter(({ status }) => status === 'Active');
  const count = (definition: { readonly id: string; readonly revision: number }) =>
    proPays.filter((proPay) => !holds(proPay[list], definition)).length;
  return {
    byId: new Map(definitions.map((definition) => [definition.id, count(definition)])),
    counted: proPays.length,
    complete: after === null,
  };
}
