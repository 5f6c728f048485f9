import type { MirrorRecord } from '#model/mirror-record.ts';
import { moneyOf, rateOf } from '../edge.ts';

/** A view of a record with what the source itself says beside it: its fields before anything local, in edge units, and the hash they are compared by. */
export function withSource(record: MirrorRecord, view: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...view, source: { contentHash: record.contentHash, fields: inEdgeUnits(record.fields) } };
}

/** Fields under their edge names: cents and ten-thousandths become text, and lose the unit in their name. */
function inEdgeUnits(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inEdgeUnits);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const isFigure = field === null || typeof field === 'number';
      if (isFigure && name.endsWith('Cents')) return [name.slice(0, -'Cents'.length), moneyOf(field)];
      if (isFigure && name.endsWith('E4')) return [name.slice(0, -'E4'.length), rateOf(field)];
      return [name, inEdgeUnits(field)];
    }),
  );
}
