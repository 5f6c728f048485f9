import { syncFunction } from '#sync/function.ts';
import { createHooks } from '#sync/hooks.ts';
import { openOAuthDesk } from '#sync/oauth/desk.ts';
import { jobberConnector } from './index.ts';

/** The function of the Jobber integration; what it does with each event is shared/sync's. */
export const handler = syncFunction(jobberConnector, { openDesk: openOAuthDesk, openHooks: createHooks });
