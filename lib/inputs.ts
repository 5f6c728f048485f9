import type { ApiGroup } from './functions.ts';

/** What the stacks read of an integration's manifest. */
export interface IntegrationWiring {
  readonly provider: string;
  readonly name: string;
  /** `oauth`: the product itself has a client there, which the operator configures. */
  readonly auth: string;
}

/** What the stacks read of a row of the route table. */
export interface RouteWiring {
  readonly method: string;
  /** Template with variables in braces, for example `/v1/workers/{id}`. */
  readonly path: string;
  readonly group: ApiGroup;
  /** Served without a token. */
  readonly public?: boolean;
  /** Sets longer work in motion. */
  readonly startsRun?: boolean;
}

/** One path of the gateway: the function's group that serves it, with or without the authorizer in front. */
export interface GatewayPath {
  readonly path: string;
  readonly group: ApiGroup;
  readonly public: boolean;
  /** Whether one of its methods sets longer work in motion. */
  readonly startsRun: boolean;
}

/**
 * Folds the route table into gateway paths: one per distinct path, whatever its methods, so that a wrong method reaches our
 * own 405. Throws where the methods of one path disagree on who serves them or on needing a token, since one gateway route
 * can have one answer only.
 */
export function gatewayPaths(routes: readonly RouteWiring[]): GatewayPath[] {
  const byPath = new Map<string, GatewayPath>();
  for (const route of routes) {
    const known = byPath.get(route.path);
    const startsRun = route.startsRun === true || known?.startsRun === true;
    const folded = { path: route.path, group: route.group, public: route.public === true, startsRun };
    if (known && (known.group !== folded.group || known.public !== folded.public)) {
      throw new Error(`The methods of ${route.path} must share one group and be all public or all protected.`);
    }
    byPath.set(route.path, folded);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
