import { isWireObject, type OfflineMapping, readOfflinePayload } from '#mirror/offline.ts';
import { mapWorker } from './map.ts';

/** `npm run map -- __provider__`: a list answer, its bare rows, one row, or a recorded company. */
export const offline: OfflineMapping = {
  lists: ['workers'],
  async map(list, text) {
    const payload = readOfflinePayload(text);
    if (payload === null) return null;
    const rows = rowsOf(payload.kind === 'dataset' ? payload.endpoints[list] : payload.body);
    return rows === null ? null : rows.map(mapWorker);
  },
};

function rowsOf(body: unknown): readonly unknown[] | null {
  if (Array.isArray(body)) return body;
  if (!isWireObject(body)) return null;
  if (Array.isArray(body.rows)) return body.rows;
  return Object.hasOwn(body, 'id') ? [body] : null;
}
