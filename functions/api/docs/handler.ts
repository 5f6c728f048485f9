import { logLine } from '#platform/log.ts';
import { systemPorts } from '#platform/ports.ts';
import { createApi } from '../api.ts';
import { docsRoutes } from './routes.ts';

/** Lambda entry of the public documentation; also answers every path that no other route has. */
export const handler = createApi({ routes: docsRoutes, ports: { ...systemPorts(), log: logLine } });
