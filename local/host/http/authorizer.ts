import type { Clock } from '../clock.ts';
import { integerOf, isObject, isOn, type JsonObject, textOf, textsOf } from '../json.ts';
import type { Resolved, Template } from '../template/template.ts';
import { type GatewayRequest, queryParameters } from './event.ts';
import { functionArnOfUri } from './routes.ts';

/** What an authorizer says of a request: its context, or the status the gateway answers. */
export type Authorization = { readonly context: JsonObject | null } | { readonly refused: 401 | 403 | 500 };

/** A Lambda authorizer with simple answers. */
export type Authorizer = {
  readonly id: string;
  readonly functionArn: string;
  /** `event` makes the authorizer's event from its identity values. Throws where the function cannot be called. */
  authorize(
    request: GatewayRequest,
    event: (identity: readonly string[]) => JsonObject,
    call: (payload: string) => Promise<string | null>,
  ): Promise<Authorization>;
  /** Forgets cached answers. */
  forget(): void;
};

const LONGEST_CACHE = 10_000;

/** Reads the authorizers of an API. Throws on other kinds than Lambda with payload 2.0 and simple answers. */
export function readAuthorizers(template: Template, apiId: string, clock: Clock): Map<string, Authorizer> {
  const ofApi = template.of('AWS::ApiGatewayV2::Authorizer').filter(({ properties }) => properties.ApiId === apiId);
  return new Map(ofApi.map((resource) => [resource.ref, createAuthorizer(resource, clock)]));
}

function createAuthorizer({ properties, id, ref }: Resolved, clock: Clock): Authorizer {
  const simple =
    properties.AuthorizerType === 'REQUEST' &&
    properties.AuthorizerPayloadFormatVersion === '2.0' &&
    isOn(properties.EnableSimpleResponses);
  if (!simple) throw new Error(`Authorizer ${id} is not a Lambda authorizer with payload 2.0 and simple responses`);
  const sources = textsOf(properties.IdentitySource, `IdentitySource of ${id}`).map(readSource);
  const ttlMs = integerOf(properties.AuthorizerResultTtlInSeconds, 0, `ttl of ${id}`) * 1000;
  // The gateway caches by the identity values alone: the same header on another route gets the same answer.
  const cache = new Map<string, { readonly until: number; readonly answer: Authorization }>();

  return {
    id: ref,
    functionArn: functionArnOfUri(textOf(properties.AuthorizerUri, `AuthorizerUri of ${id}`)),
    authorize: async (request, event, call) => {
      const identity = sources.map((source) => source(request));
      if (!identity.every((value) => value !== undefined)) return { refused: 401 };
      const key = JSON.stringify(identity);
      const cached = cache.get(key);
      if (cached !== undefined && cached.until > clock.now()) return cached.answer;
      const payload = await call(JSON.stringify(event(identity)));
      const answer = payload === null ? { refused: 500 as const } : readAnswer(payload);
      const failed = 'refused' in answer && answer.refused === 500;
      if (ttlMs > 0 && sources.length > 0 && !failed) {
        if (cache.size >= LONGEST_CACHE) cache.clear();
        cache.set(key, { until: clock.now() + ttlMs, answer });
      }
      return answer;
    },
    forget: () => cache.clear(),
  };
}

function readSource(text: string): (request: GatewayRequest) => string | undefined {
  const header = /^\$request\.header\.(.+)$/.exec(text)?.[1]?.toLowerCase();
  if (header !== undefined) return ({ headers }) => (headers[header] === '' ? undefined : headers[header]);
  const parameter = /^\$request\.querystring\.(.+)$/.exec(text)?.[1];
  if (parameter !== undefined) return ({ rawQueryString }) => queryParameters(rawQueryString)[parameter];
  throw new Error(`Identity source ${text} is not run by the local host`);
}

function readAnswer(payload: string): Authorization {
  const answer: unknown = JSON.parse(payload);
  if (!isObject(answer) || typeof answer.isAuthorized !== 'boolean') return { refused: 500 };
  if (!answer.isAuthorized) return { refused: 403 };
  return { context: isObject(answer.context) ? answer.context : null };
}
