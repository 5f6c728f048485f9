import { syncFunction } from '#sync/function.ts';
import { aspireConnector } from './index.ts';

/** The function of the Aspire integration; what it does with each event is shared/sync's. */
export const handler = syncFunction(aspireConnector);
