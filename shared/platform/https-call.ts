import { type LookupAddress, lookup } from 'node:dns';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { createGunzip } from 'node:zlib';
import { isPrivateAddress } from './private-address.ts';

/** Why one exchange gave no answer. `private_address`: the name leads to an address that is not public. */
export type CallFaultKind = 'timeout' | 'network' | 'too_large' | 'private_address';

/** A failed exchange. The text names no url, header or body. */
export class CallFault extends Error {
  readonly kind: CallFaultKind;

  constructor(kind: CallFaultKind, cause?: unknown) {
    super(`call failed: ${kind}`, cause === undefined ? undefined : { cause });
    this.name = 'CallFault';
    this.kind = kind;
  }
}

export interface CallRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the start of the call to the last byte of the body. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Only the status counts: the body is not waited for, and the connection is not used again. */
  readonly ignoresBody?: true;
}

export interface CallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Resolves a name and refuses it when any of its addresses is not public, so that no answer of a name server leads inside (M-41). */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '', 0);
    const [first] = addresses;
    if (first === undefined || addresses.some(({ address }) => isPrivateAddress(address))) {
      return callback(new CallFault('private_address'), '', 0);
    }
    if (options.all === true) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};

/** Keeps connections between calls; unused ones do not keep the process alive. */
export class CallPool {
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets: 4, lookup: lookupPublic });
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 4 });

  /**
   * One exchange, without redirects: status, headers and the whole body as text, unzipped. Plain http is for loopback only, which the
   * caller has checked. Throws a CallFault; the socket of a failed exchange is destroyed, so nothing of it reaches a later one.
   */
  exchange(call: CallRequest): Promise<CallAnswer> {
    return new Promise((resolve, reject) => {
      const secure = call.url.protocol === 'https:';
      if (secure && isPrivateLiteral(call.url.hostname)) throw new CallFault('private_address');
      const request = (secure ? requestHttps : requestHttp)(call.url, {
        method: call.method,
        agent: secure ? this.#https : this.#http,
        headers: { 'accept-encoding': 'gzip', ...call.headers },
      });
      const timer = setTimeout(() => fail(new CallFault('timeout')), call.timeoutMs);
      const fail = (error: unknown): void => {
        clearTimeout(timer);
        request.destroy();
        reject(error instanceof CallFault ? error : new CallFault('network', error));
      };
      request.on('error', fail);
      request.once('response', (response) => {
        (call.ignoresBody ? leaveBody(response) : readBody(response, call.maxBytes)).then((text) => {
          clearTimeout(timer);
          resolve({ status: response.statusCode ?? 0, headers: flatten(response), text });
        }, fail);
      });
      request.end(call.body);
    });
  }

  /** Closes every connection. */
  close(): void {
    this.#https.destroy();
    this.#http.destroy();
  }
}

/** An address that stands in the url itself is looked up nowhere, so the lookup cannot refuse it. */
export function isPrivateLiteral(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) !== 0 && isPrivateAddress(address);
}

async function leaveBody(response: IncomingMessage): Promise<string> {
  response.destroy();
  return '';
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const zipped = response.headers['content-encoding'] === 'gzip';
  const stream = zipped ? response.pipe(createGunzip()) : response;
  // A pipe does not hand on the error of its source: without this a body cut off would wait for more.
  if (zipped) response.on('error', (error) => stream.destroy(error));
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += (part as Buffer).length;
    if (size > maxBytes) throw new CallFault('too_large');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

function flatten(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
