import { syncFunction } from '#sync/function.ts';
import { openOAuthDesk } from '#sync/oauth/desk.ts';
import { quickBooksTimeConnector } from './index.ts';

/** The function of the QuickBooks Time integration; what it does with each event is shared/sync's. */
export const handler = syncFunction(quickBooksTimeConnector, { openDesk: openOAuthDesk });
