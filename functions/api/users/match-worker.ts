import { listPartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { readMirrorContext } from '../mirror/context.ts';
import { sightOf } from '../mirror/sight.ts';
import type { ApiRequest } from '../route.ts';

/** A worker that an invitation may be meant for (M-147). */
export interface WorkerMatch {
  readonly workerId: string;
  readonly displayName: string | null;
  readonly by: 'email' | 'phone';
}

/**
 * The workers whom an invitation fits: by e-mail, and where nobody has that, by phone. Of the caller's sight alone, so that nothing is told
 * of others; who has merged into another record is met as that one.
 */
export async function matchWorkers(
  request: Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>,
  { email, phone }: { readonly email: string; readonly phone: string | null },
): Promise<readonly WorkerMatch[]> {
  const { ports, scope } = request;
  const keys = await ports.table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'WORKER') });
  const items = await ports.table.batchGet(
    scope,
    keys.map(({ pk, sk }) => ({ pk, sk })),
    { consistent: false },
  );
  const live = items
    .flatMap((item) => (item === null ? [] : [decodeMirrorRecord<'worker'>(item)]))
    .filter(({ aliasOf, tombstone }) => aliasOf === null && tombstone === null);
  const byEmail = live.filter(({ fields }) => fields.email !== null && emailOf(fields.email) === email);
  const digits = phone === null ? '' : digitsOf(phone);
  const byPhone = digits === '' ? [] : live.filter(({ fields }) => fields.phone !== null && digitsOf(fields.phone) === digits);
  const [by, found] = byEmail.length > 0 ? (['email', byEmail] as const) : (['phone', byPhone] as const);
  if (found.length === 0) return [];
  const sight = sightOf(request, await readMirrorContext(request));
  const seen = (await sight.filter(found)) as readonly MirrorRecord<'worker'>[];
  return seen.map(({ id, fields }) => ({ workerId: id, displayName: fields.displayName, by }));
}

/** E-mails are compared without case. */
export function emailOf(text: string): string {
  return text.trim().toLowerCase();
}

/** Phones are compared by their last ten digits: with and without a country's code they are the same. */
function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '').slice(-10);
}
