import type { ProPay } from '#model/propay.ts';
import { answersOf } from '../definitions.ts';
import type { Calculation, RecordRef } from '../shapes.ts';
import { incentiveRef } from './incentives.ts';

/** The parts of a calculation that stand on the ProPay itself: copied at its creation, or decided by people since. */
export function ownTerms(proPay: ProPay) {
  const { leadInCrewPool, managerInCrewPool, splitEnabled, splitBp, rollOverNegative } = proPay.pool;
  return {
    settingModification: modificationOf(proPay),
    adjustment: adjustmentOf(proPay),
    leadInCrewPool,
    managerInCrewPool,
    splitEnabled,
    splitBp,
    rollOverNegative,
    pool: poolOf(proPay),
    leadPayCents: proPay.leadPayCents,
    ...(proPay.leadPayCents === 0 ? {} : { leadPayRef: ownRef(proPay) }),
    ...answersOf(proPay, ownRef(proPay)),
  } satisfies Partial<Calculation>;
}

function modificationOf({ settingModification }: ProPay): Calculation['settingModification'] {
  if (settingModification === null) return null;
  const { direction, bp, revision } = settingModification;
  return { direction, bp, ref: incentiveRef(settingModification, revision) };
}

function adjustmentOf(proPay: ProPay): Calculation['adjustment'] {
  return proPay.adjustment.type === 'none' ? null : { ...proPay.adjustment, ref: ownRef(proPay) };
}

function poolOf(proPay: ProPay): Calculation['pool'] {
  const { crewBp, crewLeadBp, managerBp, otherBp, companyBp } = proPay.manualPool ?? proPay.pool;
  return {
    crewBp,
    crewLeadBp,
    managerBp,
    otherBp,
    companyBp,
    ref: proPay.manualPool === null ? poolRef(proPay) : ownRef(proPay),
  };
}

/** Where the way of dividing the crew pool comes from: its pool, or who entered the amounts (B-70). */
export function distributionRef(proPay: ProPay): RecordRef {
  return proPay.distribution.formula === 'manual' ? ownRef(proPay) : poolRef(proPay);
}

/** The pool that a ProPay holds a copy of, as it was copied. */
function poolRef(proPay: ProPay): RecordRef {
  return { entity: 'bonus_pool', id: proPay.pool.id, revision: proPay.pool.revision };
}

function ownRef(proPay: ProPay): RecordRef {
  return { entity: 'propay', id: proPay.id, revision: proPay.revision };
}
