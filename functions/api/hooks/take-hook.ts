import * as z from 'zod/mini';
import { catalogue } from '#functions/sync/catalogue.ts';
import { parseConnectionId } from '#model/ids.ts';
import { BY_PROVIDERS_PROOF } from '../access.ts';
import { notFound } from '../problem.ts';
import { defineHookRoute } from './ports.ts';

/** An event is a pointer: far more than any of them has. */
const MOST_BYTES = 65_536;
/** A proof is a signature or a secret: far more than either has. */
const LONGEST_PROOF = 512;

/**
 * A provider's event: a hint that there is something to read, and never the thing itself (M-76). Whatever is wrong with it, proof, account
 * or connection, the answer is the one of an address that does not exist, so that nobody learns which of them.
 */
export const takeHook = defineHookRoute({
  method: 'POST',
  path: '/v1/hooks/{provider}/{connectionId}',
  group: 'hooks',
  summary: 'Where a provider tells that something has changed',
  access: BY_PROVIDERS_PROOF,
  rawBytes: MOST_BYTES,
  anyQuery: true,
  answer: {
    status: 202,
    description: 'Taken: what is new is read soon',
    schema: z.strictObject({ accepted: z.literal(true) }),
    example: { accepted: true },
  },
  handler: async ({ ports, params, raw }) => {
    const { provider, connectionId } = params;
    const header = catalogue.find((one) => one.provider === provider)?.hookHeader ?? null;
    const proof = header === null ? undefined : raw!.headers[header];
    if (proof === undefined || proof.length > LONGEST_PROOF || parseConnectionId(connectionId) === null) throw notFound();
    const { taken } = await ports.takeHook(provider, {
      type: 'hook',
      connectionId,
      proof,
      body: raw!.body.toString('base64'),
    });
    if (!taken) throw notFound();
    return { body: { accepted: true } };
  },
});
