import type { EntityFields, EntityName } from '#model/entities.ts';
import type { Link } from '#model/link.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';

/** A person or job by what may tell that another record is the same one (M-43, M-149). */
export interface Recognisable {
  readonly entity: EntityName;
  readonly id: string;
  readonly connectionId: string;
  readonly sourceId: string;
  /** What it may be recognised by, the surest first. */
  readonly traits: readonly (readonly [basis: Basis, value: string])[];
}

type Basis = Exclude<Link['basis'], 'hand' | 'code'>;

/** What a worker or job is recognised by: numbers before addresses, names last. */
export function recognisable({
  id,
  connectionId,
  sourceId,
  entity,
  fields,
}: Pick<MirrorRecord, 'id' | 'connectionId' | 'sourceId' | 'entity' | 'fields'>): Recognisable {
  const traits =
    entity === 'worker' ? traitsOfWorker(fields as EntityFields['worker']) : traitsOfJob(fields as EntityFields['job']);
  return { entity, id, connectionId, sourceId, traits: traits.filter((trait): trait is [Basis, string] => trait[1] !== null) };
}

type Traits = readonly (readonly [Basis, string | null])[];

const traitsOfWorker = ({ employeeNumber, payrollId, email, phone }: EntityFields['worker']): Traits => [
  ['employee_number', folded(employeeNumber)],
  ['payroll_id', folded(payrollId)],
  ['email', folded(email)],
  ['phone', digitsOf(phone)],
];

const traitsOfJob = ({ number, name }: EntityFields['job']): Traits => [
  ['number', folded(number)],
  ['name', folded(name)],
];

/** Case, outer blanks and how wide the inner ones are say nothing. */
function folded(text: string | null): string | null {
  const same = (text ?? '').trim().replace(/\s+/g, ' ').toLowerCase();
  return same === '' ? null : same;
}

/** A number without country code and punctuation; what is too short to be one says nothing. */
function digitsOf(phone: string | null): string | null {
  const digits = (phone ?? '').replace(/\D/g, '').slice(-10);
  return digits.length < 7 ? null : digits;
}

export interface Recognised {
  readonly own: Recognisable;
  readonly former: Recognisable;
  readonly basis: Basis;
}

/**
 * Which former records may be own ones: by the surest trait that exactly one former record has. A number, address or name that several of
 * them have says nothing. Only proposed: equality never makes two records one (M-149).
 */
export function recognise(own: readonly Recognisable[], former: readonly Recognisable[]): readonly Recognised[] {
  const byTrait = new Map<string, Recognisable[]>();
  for (const one of former)
    for (const [basis, value] of one.traits) byTrait.set(keyOf(basis, value), [...(byTrait.get(keyOf(basis, value)) ?? []), one]);
  return own.flatMap((one) => {
    for (const [basis, value] of one.traits) {
      const [found, ...others] = byTrait.get(keyOf(basis, value)) ?? [];
      if (found !== undefined && others.length === 0) return [{ own: one, former: found, basis }];
    }
    return [];
  });
}

const keyOf = (basis: string, value: string): string => `${basis}\n${value}`;
