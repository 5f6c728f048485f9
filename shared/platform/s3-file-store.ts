import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { SignatureV4 } from '@smithy/signature-v4';
import { AppError } from '#kernel/errors.ts';
import { awsKeys, type Environment } from './aws-environment.ts';
import type { FileStore, StoredFile } from './file-store.ts';
import { Sha256 } from './signer-hash.ts';

const UNSIGNED_BODY = 'UNSIGNED-PAYLOAD';
/** One file for one link: a second PUT finds that there is one. */
const ONCE = { 'if-none-match': '*' } as const;
const TRIES = 3;
const WAIT_MS = 10_000;

interface Call {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Files in a bucket of S3, by its three plain calls, signed by the SDK's signer: the SDK's own client would be larger than everything else
 * in the bundle. `AWS_ENDPOINT_URL` takes the place of S3 where it is set. Failures that may pass are tried three times.
 */
export function openS3FileStore(bucket: string, environment: Environment = process.env): FileStore {
  const region = environment.AWS_REGION ?? 'us-east-1';
  const base = environment.AWS_ENDPOINT_URL
    ? new URL(`${environment.AWS_ENDPOINT_URL}/${bucket}`)
    : new URL(`https://${bucket}.s3.${region}.amazonaws.com`);
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: async () => awsKeys(environment),
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });

  const unsigned = ({ method, key, headers = {} }: Call) => ({
    method,
    protocol: base.protocol,
    hostname: base.hostname,
    ...(base.port === '' ? {} : { port: Number(base.port) }),
    path: `${base.pathname.replace(/\/$/, '')}/${key}`,
    query: {},
    headers: { host: base.host, 'x-amz-content-sha256': UNSIGNED_BODY, ...headers },
  });

  /** The answer to a signed call; answers that are worth another try never get here. */
  async function call(what: Call): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt++) {
      const { path, headers } = await signer.sign(unsigned(what));
      try {
        const answer = await send(new URL(path, base), what.method, headers);
        if (answer.statusCode !== undefined && answer.statusCode < 500) return answer;
        answer.destroy();
        throw new AppError('files-unavailable', { category: 'transient', data: { status: answer.statusCode } });
      } catch (error) {
        if (attempt === TRIES) throw error;
      }
    }
  }

  return {
    async linkForPut(key, { seconds, sizeBytes }) {
      const headers = { ...ONCE, ...(sizeBytes === null ? {} : { 'content-length': String(sizeBytes) }) };
      const signed = await signer.presign(unsigned({ method: 'PUT', key, headers }), { expiresIn: seconds });
      const query = new URLSearchParams(signed.query as Record<string, string>);
      return { url: `${base.origin}${signed.path}?${query}`, headers: ONCE };
    },
    async open(key, version) {
      const answer = await call({ method: 'GET', key, ...(version === null ? {} : { headers: { 'if-match': version } }) });
      if (answer.statusCode === 200) return storedFile(answer);
      answer.destroy();
      if (answer.statusCode === 404 || answer.statusCode === 412) return null;
      throw new AppError('files-unavailable', { category: 'transient', data: { status: answer.statusCode } });
    },
    async remove(key) {
      const answer = await call({ method: 'DELETE', key });
      answer.destroy();
      if (answer.statusCode !== 204) throw new AppError('files-unavailable', { category: 'transient' });
    },
  };
}

function storedFile(answer: IncomingMessage): StoredFile {
  return {
    sizeBytes: Number(answer.headers['content-length'] ?? 0),
    version: String(answer.headers.etag),
    bytes: answer,
    close: () => answer.destroy(),
  };
}

function send(url: URL, method: string, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, timeout: WAIT_MS, agent: false }, resolve);
    call.on('timeout', () => call.destroy(new AppError('files-unavailable', { category: 'transient' })));
    call.on('error', reject);
    call.end();
  });
}
