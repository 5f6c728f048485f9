import { integerOf, objectOf, textOf, textsOf } from '../json.ts';
import type { Resolved, Template } from '../template/template.ts';

/** One route of the HTTP API. */
export type Route = {
  readonly routeKey: string;
  /** `ANY`, a method, or null for `$default`. */
  readonly method: string | null;
  readonly segments: readonly Segment[];
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly authorizerId: string | null;
};
type Segment = { readonly kind: 'text' | 'parameter' | 'greedy'; readonly name: string };

export type RouteMatch = { readonly route: Route; readonly pathParameters: Readonly<Record<string, string>> };

const TIMEOUT_MS = 30_000;
const ROUTE_LIMIT = 300;

/** Reads the routes of an API. Throws on what HTTP APIs of this product do not use. */
export function readRoutes(template: Template, apiId: string): Route[] {
  const ofApi = ({ properties }: Resolved) => properties.ApiId === apiId;
  const integrations = new Map(
    template
      .of('AWS::ApiGatewayV2::Integration')
      .filter(ofApi)
      .map((one) => [one.ref, one]),
  );
  const routes = template
    .of('AWS::ApiGatewayV2::Route')
    .filter(ofApi)
    .map((resource): Route => {
      const { properties, id } = resource;
      const routeKey = textOf(properties.RouteKey, `RouteKey of ${id}`);
      const integration = integrations.get(textOf(properties.Target, `Target of ${id}`).replace('integrations/', ''));
      if (integration === undefined) throw new Error(`Route ${routeKey} has no integration in the templates`);
      const type = properties.AuthorizationType ?? 'NONE';
      if (type !== 'NONE' && type !== 'CUSTOM')
        throw new Error(`Route ${routeKey}: authorization ${String(type)} is not run by the local host`);
      const [method = '', path = ''] = routeKey === '$default' ? [] : routeKey.split(' ');
      return {
        routeKey,
        method: routeKey === '$default' ? null : method,
        segments: path.split('/').slice(1).map(toSegment),
        ...readIntegration(integration),
        authorizerId: type === 'CUSTOM' ? textOf(properties.AuthorizerId, `AuthorizerId of ${id}`) : null,
      };
    });
  const keys = new Set(routes.map(({ routeKey }) => routeKey));
  if (keys.size < routes.length) throw new Error('Two routes of the API have the same key');
  if (routes.length > ROUTE_LIMIT) throw new Error(`The API has ${routes.length} routes; an HTTP API takes ${ROUTE_LIMIT}`);
  return routes;
}

function readIntegration({ properties, id }: Resolved): { functionArn: string; timeoutMs: number } {
  if (properties.IntegrationType !== 'AWS_PROXY' || properties.PayloadFormatVersion !== '2.0')
    throw new Error(`Integration ${id} is not a function with payload format 2.0`);
  if (
    properties.CredentialsArn !== undefined ||
    properties.RequestParameters !== undefined ||
    properties.ResponseParameters !== undefined
  ) {
    throw new Error(`Integration ${id}: credentials and parameter mapping are not run by the local host`);
  }
  return {
    functionArn: functionArnOfUri(textsOf(properties.IntegrationUri, id)[0] ?? ''),
    timeoutMs: integerOf(properties.TimeoutInMillis, TIMEOUT_MS, id),
  };
}

/** The function's ARN in an integration or authorizer URI, which may wrap it into an invocation path. */
export function functionArnOfUri(uri: string): string {
  return /functions\/(arn:.+)\/invocations$/.exec(uri)?.[1] ?? uri;
}

function toSegment(text: string): Segment {
  const greedy = /^\{(.+)\+\}$/.exec(text);
  if (greedy !== null) return { kind: 'greedy', name: greedy[1]! };
  const parameter = /^\{(.+)\}$/.exec(text);
  return parameter === null ? { kind: 'text', name: text } : { kind: 'parameter', name: parameter[1]! };
}

/**
 * The route for a method and a decoded path: the most specific path wins segment by segment (text, then parameter, then
 * greedy), an exact method before ANY, and `$default` last. Undefined where nothing matches.
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const parts = path.split('/').slice(1);
  const matches = routes.flatMap((route) => {
    if (route.method !== null && route.method !== 'ANY' && route.method !== method) return [];
    const pathParameters = route.method === null ? {} : parametersOf(route, parts);
    return pathParameters === null ? [] : [{ route, pathParameters }];
  });
  return matches.sort((a, b) => compareRoutes(a.route, b.route))[0];
}

function parametersOf({ segments }: Route, parts: readonly string[]): Record<string, string> | null {
  const parameters: Record<string, string> = {};
  for (const [index, { kind, name }] of segments.entries()) {
    const part = parts[index];
    if (kind === 'greedy') {
      const rest = parts.slice(index).join('/');
      if (rest === '') return null;
      parameters[name] = rest;
      return parameters;
    }
    if (part === undefined || (kind === 'text' ? part !== name : part === '')) return null;
    if (kind === 'parameter') parameters[name] = part;
  }
  return parts.length === segments.length ? parameters : null;
}

const ORDER = { text: 0, parameter: 1, greedy: 2 } as const;

function compareRoutes(a: Route, b: Route): number {
  if (a.method === null || b.method === null) return Number(a.method === null) - Number(b.method === null);
  for (const [index, segment] of a.segments.entries()) {
    const other = b.segments[index];
    if (other === undefined) break;
    if (ORDER[segment.kind] !== ORDER[other.kind]) return ORDER[segment.kind] - ORDER[other.kind];
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

/** The one HTTP API of the templates with its stage, or null where there is none. */
export function readApi(template: Template): { id: string; stage: string; cors: Record<string, unknown> | null } | null {
  const apis = template.of('AWS::ApiGatewayV2::Api');
  const [api] = apis;
  if (api === undefined) return null;
  if (apis.length > 1) throw new Error('The local host serves one HTTP API, the templates have more');
  if (api.properties.ProtocolType !== 'HTTP' || api.properties.Body !== undefined)
    throw new Error(`API ${api.id} is not an HTTP API made of route resources`);
  const stages = template.of('AWS::ApiGatewayV2::Stage').filter(({ properties }) => properties.ApiId === api.ref);
  const [stage] = stages;
  if (stages.length !== 1 || stage?.ref !== '$default')
    throw new Error(`API ${api.id}: the local host serves exactly the stage $default`);
  const cors = api.properties.CorsConfiguration;
  return { id: api.ref, stage: stage.ref, cors: cors === undefined ? null : objectOf(cors, 'CorsConfiguration') };
}
