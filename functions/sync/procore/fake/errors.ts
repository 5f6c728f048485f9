import type { FakeReply } from '../../../../shared/fake-source/exchange.ts';

const SHAPES = ['text', 'fields', 'code'] as const;

/** An error in one of the vendor's forms; `mixed` takes the one that its list happens to have. */
export function errorReply(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>>,
  shape: unknown,
  entity: string,
): FakeReply {
  const chosen = shape === 'mixed' ? SHAPES[entity.length % SHAPES.length] : shape;
  return { status, headers, body: bodyOf(String(chosen), status, message) };
}

function bodyOf(shape: string, status: number, message: string): unknown {
  switch (shape) {
    case 'fields':
      return { errors: { base: [message] } };
    case 'code':
      return { code: status, message, fields: null };
    case 'oauth':
      return { error: String(status), error_description: message };
    default:
      return { errors: message };
  }
}
