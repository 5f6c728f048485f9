import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Caller, Iam } from '../iam/iam.ts';
import { openJournal } from '../journal.ts';
import { type JsonObject, objectOf, textOf } from '../json.ts';
import type { Template } from '../template/template.ts';
import { AwsError, validationError } from './error.ts';

/** The KMS calls that functions here make: Encrypt, Decrypt, GenerateDataKey. */
export type Kms = { handle(operation: string, body: JsonObject, caller: Caller): JsonObject; close(): void };

type KeyMaterial = { readonly material: string };

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PLAINTEXT_LIMIT_BYTES = 4096;

/**
 * Keys of the templates with material kept in one file: AES-256-GCM with the encryption context as authenticated data,
 * so that another context fails to decrypt exactly as on KMS. The file is as secret as the data it protects.
 */
export function createKms(template: Template, iam: Iam, path: string): Kms {
  const { accountId, region } = template.locality;
  const keys = template.of('AWS::KMS::Key').map((key) => ({ id: key.ref, arn: key.attribute('Arn') }));
  const aliases = new Map(
    template.of('AWS::KMS::Alias').map((alias) => [alias.ref, textOf(alias.properties.TargetKeyId, alias.id)]),
  );
  const stored = openJournal<KeyMaterial>(path);
  for (const { id } of keys) if (stored.get(id) === undefined) stored.put(id, { material: randomBytes(32).toString('base64') });

  const find = (name: unknown) => {
    const given = textOf(name, 'KeyId').replace(`arn:aws:kms:${region}:${accountId}:alias/`, 'alias/');
    const target = aliases.get(given) ?? given;
    const key = keys.find(({ id, arn }) => id === target || arn === target);
    if (key === undefined) throw new AwsError('NotFoundException', `Key '${given}' does not exist`);
    return key;
  };
  const materialOf = (id: string) => Buffer.from(stored.get(id)!.material, 'base64');
  const permit = (caller: Caller, action: string, arn: string, context: JsonObject) =>
    iam.require(caller, { action, resource: arn, context: contextKeys(context) });

  const encrypt = (id: string, plaintext: Buffer, context: JsonObject): Buffer => {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', materialOf(id), iv).setAAD(authenticated(id, context));
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([Buffer.from([VERSION, id.length]), Buffer.from(id), iv, cipher.getAuthTag(), sealed]);
  };

  const decrypt = (blob: Buffer, context: JsonObject, permitted: (arn: string) => void, expected: unknown) => {
    const id = blob.subarray(2, 2 + (blob[1] ?? 0)).toString();
    const key = keys.find((one) => one.id === id);
    if (blob[0] !== VERSION || key === undefined) throw new AwsError('InvalidCiphertextException', '');
    permitted(key.arn);
    if (expected !== undefined && find(expected).id !== id)
      throw new AwsError(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    const rest = blob.subarray(2 + id.length);
    const decipher = createDecipheriv('aes-256-gcm', materialOf(id), rest.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(authenticated(id, context)).setAuthTag(rest.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      return { arn: key.arn, plaintext: Buffer.concat([decipher.update(rest.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]) };
    } catch (cause) {
      throw Object.assign(new AwsError('InvalidCiphertextException', ''), { cause });
    }
  };

  return {
    handle: (operation, body, caller) => {
      const context = objectOf(body.EncryptionContext, 'EncryptionContext');
      const bytes = (member: string) => Buffer.from(textOf(body[member], member), 'base64');
      if (operation === 'Encrypt') {
        const { id, arn } = find(body.KeyId);
        permit(caller, 'kms:Encrypt', arn, context);
        const plaintext = bytes('Plaintext');
        if (plaintext.length < 1 || plaintext.length > PLAINTEXT_LIMIT_BYTES)
          throw validationError(`Plaintext must have 1 to ${PLAINTEXT_LIMIT_BYTES} bytes`);
        return {
          CiphertextBlob: encrypt(id, plaintext, context).toString('base64'),
          KeyId: arn,
          EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        };
      }
      if (operation === 'Decrypt') {
        const { arn, plaintext } = decrypt(
          bytes('CiphertextBlob'),
          context,
          (key) => permit(caller, 'kms:Decrypt', key, context),
          body.KeyId,
        );
        return { Plaintext: plaintext.toString('base64'), KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
      }
      if (operation === 'GenerateDataKey') {
        const { id, arn } = find(body.KeyId);
        permit(caller, 'kms:GenerateDataKey', arn, context);
        const plaintext = randomBytes(body.KeySpec === 'AES_128' ? 16 : Number(body.NumberOfBytes ?? 32));
        return {
          CiphertextBlob: encrypt(id, plaintext, context).toString('base64'),
          Plaintext: plaintext.toString('base64'),
          KeyId: arn,
        };
      }
      throw new AwsError('UnsupportedOperationException', `KMS ${operation} is not available on the local host`);
    },
    close: () => stored.close(),
  };
}

function authenticated(keyId: string, context: JsonObject): Buffer {
  const entries = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify([keyId, entries]));
}

/** The condition keys that an encryption context gives a request. */
export function contextKeys(context: JsonObject): Record<string, string[]> {
  const keys: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(context)) keys[`kms:EncryptionContext:${name}`] = [String(value)];
  if (Object.keys(context).length > 0) keys['kms:EncryptionContextKeys'] = Object.keys(context);
  return keys;
}
