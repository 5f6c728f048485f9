import type { LogLine } from '#platform/log.ts';
import type { SystemPorts } from '#platform/ports.ts';
import { routeDefiner } from '../route.ts';

/** The documentation function has no table and calls nobody. */
export type DocsPorts = SystemPorts & { log(line: LogLine): void };

/** Defines a route of the documentation. */
export const defineDocsRoute = routeDefiner<DocsPorts>();
