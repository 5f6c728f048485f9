import { syncFunction } from '#sync/function.ts';
import { __name__Connector } from './index.ts';

/** The function of the __Title__ integration; what it does with each event is shared/sync's. */
export const handler = syncFunction(__name__Connector);
