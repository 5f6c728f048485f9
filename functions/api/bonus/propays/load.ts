import { readsDriveTime } from '#bonus/inputs/choices.ts';
import { type WorkedOut, type WorkOptions, workOutProPay } from '#bonus/work-out.ts';
import { presentDifference } from '#model/difference.ts';
import { isPhased } from '#model/phase.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import { markedBy, markingReaders } from '#pay/marking-readers.ts';
import { readDifference } from '#store/difference-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { readProPay, targetOfProPay } from '#store/propay-repository.ts';
import { ApiProblem, notFound } from '../../problem.ts';
import type { ApiRequest } from '../../route.ts';
import { type Desk, openDesk } from '../desk.ts';
import { requireOversight, seesProPay } from '../sight.ts';
import type { ProPayParts } from './views.ts';

type LoadRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** One ProPay that the caller may see, with its difference where it is approved; else 404. */
export async function loadProPay(request: LoadRequest, id: string, desk: Desk): Promise<ProPayParts> {
  const { ports, scope } = request;
  const read = await readProPay(ports.table, scope, id);
  if (read === null || !seesProPay(request, desk, read.result)) throw notFound();
  const { approval } = read.proPay;
  const none = approval === null && !isPhased(read.proPay);
  const difference = none ? null : await readDifference(ports.table, scope, id);
  return { ...read, difference: presentDifference(difference, approval) };
}

/** A ProPay with all its inputs, read at once: what commands decide on. */
export interface LoadedInputs {
  readonly desk: Desk;
  readonly state: ProPayState;
  readonly proPay: ProPay;
  readonly result: ProPayResult;
  workOut(proPay: ProPay, options?: WorkOptions): Promise<WorkedOut>;
  /** The same without leaving any trace: of what will not be stored. */
  tryOut(proPay: ProPay, options?: WorkOptions): Promise<WorkedOut>;
}

/** Reads a visible ProPay with its inputs, strongly. Half of somebody's transaction is read again. */
export async function loadInputs(request: LoadRequest, id: string): Promise<LoadedInputs> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const desk = await openDesk(request);
    const loaded = await inputsOf(request, desk, id);
    if (loaded === null) continue;
    if (!seesProPay(request, desk, loaded.result)) throw notFound();
    return loaded;
  }
  throw new ApiProblem('store-conflict', { detail: 'The ProPay is being changed; try again.' });
}

/** The same for somebody who decides on it: refused with 403 to whom it is only shown. */
export async function loadToChange(request: LoadRequest, id: string): Promise<LoadedInputs> {
  const loaded = await loadInputs(request, id);
  requireOversight(request, loaded.result);
  return loaded;
}

/** A ProPay with its inputs, whoever may see it; null where half of somebody's transaction was read. 404 where there is none. */
export async function inputsOf(
  { ports, scope }: Pick<LoadRequest, 'ports' | 'scope'>,
  desk: Desk,
  id: string,
): Promise<LoadedInputs | null> {
  const target = targetOfProPay(id);
  if (target === null) throw notFound();
  const state = await readProPayState(ports.table, scope, target, (proPay) => readsDriveTime(proPay, desk.context));
  const proPay = state.proPays.find((one) => one.id === id) ?? null;
  if (proPay === null) throw notFound();
  const result = state.proPay?.id === id ? state.result : ((await readProPay(ports.table, scope, id))?.result ?? null);
  if (result === null || result.cfgRev !== proPay.revision) return null;
  const readers = inputReaders(ports.table, scope, desk.now);
  // What a ProPay is to become may need more of its people than it did.
  const marking = markingReaders(ports.table, scope, desk.now, id, markedBy(result));
  const workOut: LoadedInputs['workOut'] = (one, options) =>
    workOutProPay({ ...state, result }, one, desk.context, one === proPay ? readers : marking, options);
  const tryOut: LoadedInputs['tryOut'] = (one, options) =>
    workOutProPay({ ...state, result }, one, desk.context, readers, options);
  return { desk, state, proPay, result, workOut, tryOut };
}

const TRIES = 4;

export { withRetries } from '../../commit.ts';
