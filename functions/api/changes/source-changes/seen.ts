import type { SourceDifference } from '#model/difference.ts';
import type { LoadedInputs } from '../../bonus/propays/load.ts';
import { viewerOf } from '../../bonus/sight.ts';
import { ApiProblem } from '../../problem.ts';
import { sourceChangesView } from './shapes.ts';
import type { DecideRequest, VerdictBody } from './verdict.ts';

/** A ProPay's difference as its caller may see it. */
export function viewOf(request: DecideRequest, { desk, proPay, result }: LoadedInputs, difference: SourceDifference) {
  const viewer = viewerOf(request, desk, result);
  const approved = { inputsVersion: result.inputsVersion, currency: desk.context.currency };
  return { propayId: proPay.id, ...sourceChangesView(approved, difference, viewer) };
}

/** Refuses with the present figures where somebody decides on others than these (B-96). */
export function requireSeen(
  request: DecideRequest,
  loaded: LoadedInputs,
  difference: SourceDifference,
  given: Pick<VerdictBody, 'inputsVersion'>,
): void {
  if (difference.state === 'Open' && difference.inputsVersion !== given.inputsVersion)
    throw new ApiProblem('inputs-changed', {
      detail: 'The sources have changed since you saw the difference.',
      data: { ...viewOf(request, loaded, difference) },
    });
}
