import type { Authorization } from './grants.ts';

/** What the pool's app allows. */
export type App = {
  readonly clientId: string;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly scopes: readonly string[];
  readonly accessSeconds: number;
  readonly refreshMs: number;
};

/** Checks what a browser asks for; a text says what is wrong. Nothing is sent to an address that the app does not list. */
export function readAuthorization(app: App, query: URLSearchParams): Authorization | string {
  const redirectUri = query.get('redirect_uri') ?? '';
  if (query.get('client_id') !== app.clientId) return 'There is no such client.';
  if (!app.callbackUrls.includes(redirectUri)) return 'The redirect_uri is none of the client’s.';
  if (query.get('response_type') !== 'code') return 'The response_type must be code.';
  const challenge = query.get('code_challenge') ?? '';
  if (query.get('code_challenge_method') !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(challenge))
    return 'A code_challenge of the method S256 is required.';
  const scope = query.get('scope') ?? app.scopes.join(' ');
  if (!scope.split(' ').every((one) => app.scopes.includes(one))) return 'The scope is more than the client may ask for.';
  return { clientId: app.clientId, redirectUri, scope, state: query.get('state'), nonce: query.get('nonce'), challenge };
}

/** The page that asks for address and password; it goes back to `/login` with the query as it came. */
export function signInPage(query: URLSearchParams, fault: string | null): string {
  return page(
    'Sign in',
    `${fault === null ? '' : `<p role="alert">${escaped(fault)}</p>`}
<form method="post" action="/login?${escaped(query.toString())}">
<label>E-mail <input name="username" type="email" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
</form>`,
  );
}

/** A page that says what is wrong with a request. */
export function faultPage(fault: string): string {
  return page('This cannot be done', `<p role="alert">${escaped(fault)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Protiv: ${title}</title>
<style>body{font:16px system-ui;max-width:22rem;margin:4rem auto}label,button{display:block;margin:1rem 0}input{width:100%}</style>
<h1>${title}</h1>${body}</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
