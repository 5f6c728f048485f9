import { createHash } from 'node:crypto';
import type { FakeReply, FakeRequest, Route } from './exchange.ts';
import { TokenPress } from './oauth-tokens.ts';
import type { Shell } from './source.ts';
import { type SwitchSpec, wholeNumber } from './switches.ts';

/** Doors of the OAuth server: name them in a fault to meet the authorize page or the token endpoint. */
export const AUTHORIZE_DOOR = 'Authorize';
export const TOKEN_DOOR = 'Token';
export const OAUTH_DOORS: readonly string[] = [AUTHORIZE_DOOR, TOKEN_DOOR];

/** What an OAuth server can be told to do; errors, slowness and broken answers are the general switches, named for the door `Token`. */
export const OAUTH_SWITCHES: readonly SwitchSpec[] = [
  { name: 'rotation', default: true, onValue: true, effect: 'each refresh gives a new refresh token and kills the old one' },
  {
    name: 'refreshReplyLost',
    default: false,
    onValue: true,
    effect: 'the tokens rotate, and the client sees a broken connection',
  },
  { name: 'oldRefreshGrace', default: false, onValue: true, effect: 'a refresh token that was used is accepted once more' },
  { name: 'noRefreshToken', default: false, onValue: true, effect: 'a refresh answers without a refresh token' },
  { name: 'revoked', default: false, onValue: true, effect: 'the account has disconnected the app: no token of it holds' },
  { name: 'denied', default: false, onValue: true, effect: 'the person at the authorize page says no' },
  {
    name: 'tokenSeconds',
    default: false,
    check: wholeNumber(1, 100_000_000),
    effect: 'life of the access tokens issued from now on; value: seconds',
  },
  {
    name: 'tokenEcho',
    default: false,
    onValue: true,
    effect: 'refusals of the token endpoint repeat the secrets they were sent',
  },
];

/** How the OAuth server of one source behaves. */
export type FakeOAuthOptions = {
  readonly source: string;
  readonly seed: string | number;
  readonly authorizePath: string;
  readonly tokenPath: string;
  /** The product as registered there. */
  readonly client: { readonly id: string; readonly secret: string };
  readonly accessSeconds: number;
  readonly grants?: readonly ('authorization_code' | 'client_credentials')[];
  /** Further fields of the token endpoint's answer, such as the account. */
  readonly reply?: (tenant: string) => Readonly<Record<string, unknown>>;
  /** Leaves `expires_in` out, where the source does: the life then stands in the token alone. */
  readonly withoutExpiresIn?: boolean;
  /** A refusal in the source's own words; default as in RFC 6749. */
  readonly refusal?: (error: string) => FakeReply;
};

type Code = {
  readonly tenant: string;
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly untilMs: number;
};

const CODE_MS = 600_000;
const REFRESH_SECONDS = 10 * 365 * 86_400;

/**
 * The OAuth server of a fake source: an authorize page that approves at once, for the first account unless `account` names one, and a
 * token endpoint with codes, refresh and client credentials. A fake asks `route` before its own routes and `tenantOf` for each bearer.
 */
export class FakeOAuth {
  readonly #options: FakeOAuthOptions;
  readonly #press: TokenPress;
  readonly #codes = new Map<string, Code>();
  readonly #spent = new Set<string>();

  constructor(options: FakeOAuthOptions) {
    this.#options = options;
    this.#press = new TokenPress(options.source, options.seed);
  }

  /** The route of a request to the OAuth server; null for any other. */
  route(request: FakeRequest, shell: Shell): Route | null {
    const { authorizePath, tokenPath } = this.#options;
    if (request.path === authorizePath) {
      const query = new URLSearchParams(request.query);
      const tenant = query.get('account') ?? shell.tenants()[0]!;
      const known = shell.tenants().includes(tenant) ? tenant : null;
      const respond = () => (known === null ? text(400, 'unknown account') : this.#approve(query, known, shell));
      return { tenant: known, entity: AUTHORIZE_DOOR, list: false, respond };
    }
    if (request.path !== tokenPath) return null;
    const form = new URLSearchParams(request.body);
    const tenant = this.#tenantOfForm(form, shell);
    return { tenant, entity: TOKEN_DOOR, list: false, respond: () => this.#issue(request, form, tenant, shell) };
  }

  /** Whose account a bearer token opens; null when it is none of ours, has run out, or was revoked. */
  tenantOf(authorization: string | undefined, shell: Shell): string | null {
    const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    const claims = token === undefined ? null : this.#press.read(token);
    if (claims === null || claims.kind !== 'access' || claims.exp * 1000 <= shell.spec.now()) return null;
    return this.#isRevoked(claims.tenant, shell) ? null : claims.tenant;
  }

  #approve(query: URLSearchParams, tenant: string, shell: Shell): FakeReply {
    const redirectUri = query.get('redirect_uri');
    if (query.get('client_id') !== this.#options.client.id || query.get('response_type') !== 'code' || redirectUri === null)
      return text(400, 'client_id, response_type=code and redirect_uri are needed');
    const back = new URL(redirectUri);
    if (shell.switches(tenant).take('denied', AUTHORIZE_DOOR) === null) {
      const code = this.#press.issue('refresh', tenant, shell.spec.now(), 1).slice(-24);
      const challenge = query.get('code_challenge');
      this.#codes.set(code, { tenant, redirectUri, challenge, untilMs: shell.spec.now() + CODE_MS });
      back.searchParams.set('code', code);
    } else back.searchParams.set('error', 'access_denied');
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    return { status: 302, headers: { Location: back.href }, body: '' };
  }

  #tenantOfForm(form: URLSearchParams, shell: Shell): string | null {
    const code = this.#codes.get(form.get('code') ?? '');
    const claims = this.#press.read(form.get('refresh_token') ?? '');
    const known = code?.tenant ?? claims?.tenant ?? form.get('account') ?? shell.tenants()[0]!;
    return shell.tenants().includes(known) ? known : null;
  }

  #issue(request: FakeRequest, form: URLSearchParams, tenant: string | null, shell: Shell): FakeReply {
    const refuse = (error: string): FakeReply => this.#refuse(error, request, tenant, shell);
    if (request.method !== 'POST') return text(405, 'POST only');
    if (!this.#knowsClient(request, form)) return refuse('invalid_client');
    if (tenant === null || this.#isRevoked(tenant, shell)) return refuse('invalid_grant');
    const grant = form.get('grant_type');
    if (grant === 'client_credentials' && this.#options.grants?.includes('client_credentials')) {
      return { status: 200, body: this.#answer(tenant, null, shell) };
    }
    if (grant === 'authorization_code') {
      return this.#redeem(form, shell)
        ? { status: 200, body: this.#answer(tenant, this.#refreshToken(tenant, shell), shell) }
        : refuse('invalid_grant');
    }
    if (grant !== 'refresh_token') return refuse('unsupported_grant_type');
    return this.#refresh(form.get('refresh_token') ?? '', tenant, shell) ?? refuse('invalid_grant');
  }

  #refresh(token: string, tenant: string, shell: Shell): FakeReply | null {
    const board = shell.switches(tenant);
    if (this.#press.read(token)?.kind !== 'refresh') return null;
    if (this.#spent.has(token) && board.take('oldRefreshGrace', TOKEN_DOOR) === null) return null;
    const rotates = board.take('rotation', TOKEN_DOOR) !== null;
    if (rotates) this.#spent.add(token);
    const next = rotates ? this.#refreshToken(tenant, shell) : token;
    const silent = board.take('noRefreshToken', TOKEN_DOOR) !== null;
    // A source that gives no new refresh token cannot have killed the old one.
    if (silent) this.#spent.delete(token);
    const reply: FakeReply = { status: 200, body: this.#answer(tenant, silent ? null : next, shell) };
    return board.take('refreshReplyLost', TOKEN_DOOR) === null ? reply : { ...reply, lost: true };
  }

  #answer(tenant: string, refreshToken: string | null, shell: Shell): Record<string, unknown> {
    const told = shell.switches(tenant).take('tokenSeconds', TOKEN_DOOR);
    const seconds = typeof told === 'number' ? told : this.#options.accessSeconds;
    return {
      access_token: this.#press.issue('access', tenant, shell.spec.now(), seconds),
      token_type: 'bearer',
      ...(this.#options.withoutExpiresIn ? {} : { expires_in: seconds }),
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
      ...this.#options.reply?.(tenant),
    };
  }

  #refreshToken(tenant: string, shell: Shell): string {
    return this.#press.issue('refresh', tenant, shell.spec.now(), REFRESH_SECONDS);
  }

  /** A code holds once, for its own redirect address, and for whoever knows the verifier of its challenge. */
  #redeem(form: URLSearchParams, shell: Shell): boolean {
    const text = form.get('code') ?? '';
    const code = this.#codes.get(text);
    this.#codes.delete(text);
    if (code === undefined || code.untilMs <= shell.spec.now() || code.redirectUri !== form.get('redirect_uri')) return false;
    const verifier = form.get('code_verifier');
    if (code.challenge === null) return true;
    return verifier !== null && createHash('sha256').update(verifier).digest('base64url') === code.challenge;
  }

  #knowsClient(request: FakeRequest, form: URLSearchParams): boolean {
    const { id, secret } = this.#options.client;
    if (form.get('client_id') === id && form.get('client_secret') === secret) return true;
    const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    return Buffer.from(basic, 'base64').toString('utf8') === `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  }

  #isRevoked(tenant: string, shell: Shell): boolean {
    return shell.switches(tenant).peek('revoked', TOKEN_DOOR) !== null;
  }

  #refuse(error: string, request: FakeRequest, tenant: string | null, shell: Shell): FakeReply {
    const echo = tenant !== null && shell.switches(tenant).take('tokenEcho', TOKEN_DOOR) !== null;
    if (echo) return { status: 400, body: { error, error_description: `refused: ${request.body}` } };
    return this.#options.refusal?.(error) ?? { status: error === 'invalid_client' ? 401 : 400, body: { error } };
  }
}

function text(status: number, body: string): FakeReply {
  return { status, body };
}
