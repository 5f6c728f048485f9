import { syncFunction } from '#sync/function.ts';
import { createHooks } from '#sync/hooks.ts';
import { openOAuthDesk } from '#sync/oauth/desk.ts';
import { procoreConnector } from './index.ts';

/** The function of the Procore integration; what it does with each event is shared/sync's. */
export const handler = syncFunction(procoreConnector, { openDesk: openOAuthDesk, openHooks: createHooks });
