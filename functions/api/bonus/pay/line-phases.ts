import * as z from 'zod/mini';
import { reserveBehind } from '#bonus/phased/line-reserve.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import type { LineItem } from '#model/pay.ts';
import type { ReserveMovement } from '#model/reserve.ts';
import { listPhases } from '#store/phase-repository.ts';
import { readReserve } from '#store/reserve-repository.ts';
import { idText, moneyOf, moneyText } from '../../edge.ts';
import type { PayRequest } from './load-statement.ts';

/** Phased ProPays whose phases one answer reads. */
const MOST_PROPAYS = 60;

/** What was put by of each phase behind a line, drawn by losses, released and is held back still. */
export const lineReserveSchema = z.array(
  z.strictObject({
    phaseId: idText,
    name: z.nullable(z.string()),
    putIn: moneyText,
    drawn: moneyText,
    released: moneyText,
    heldBack: moneyText,
  }),
);

/** Of each phased ProPay behind some items the names of its phases and what moved its reserve. */
export type LinePhases = ReadonlyMap<
  string,
  { readonly names: ReadonlyMap<string, string>; readonly movements: readonly ReserveMovement[] }
>;

/** Reads what the lines of items tell of their phases. */
export async function readLinePhases({ ports, scope }: PayRequest, items: readonly LineItem[]): Promise<LinePhases> {
  const proPayIds = new Set(items.flatMap(({ source }) => (source.kind === 'phase' ? [source.proPayId] : [])));
  const known: Map<string, { names: ReadonlyMap<string, string>; movements: readonly ReserveMovement[] }> = new Map();
  await inParallel([...proPayIds].slice(0, MOST_PROPAYS), async (id) => {
    const phases = await listPhases(ports.table, scope, id);
    const { movements } = await readReserve(ports.table, scope, { id, branchId: null });
    known.set(id, { names: new Map(phases.map((phase) => [phase.id, phase.name])), movements });
  });
  return known;
}

/** The reserve behind a line; left out where none is. */
export function lineReserve(item: LineItem, phases: LinePhases) {
  const known = item.source.kind === 'phase' ? phases.get(item.source.proPayId) : undefined;
  const behind = known === undefined ? [] : reserveBehind(item, known.movements);
  if (behind.length === 0) return {};
  return {
    reserve: behind.map(({ phaseId, putInCents, drawnCents, releasedCents, heldBackCents }) => ({
      ...{ phaseId, name: known?.names.get(phaseId) ?? null },
      ...{ putIn: moneyOf(putInCents)!, drawn: moneyOf(drawnCents)! },
      ...{ released: moneyOf(releasedCents)!, heldBack: moneyOf(heldBackCents)! },
    })),
  };
}
