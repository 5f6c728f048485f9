import { describe, expect, it } from 'vitest';
import { dataset } from '#functions/sync/__provider__/fake/dataset.ts';
import { manifest } from '#functions/sync/__provider__/manifest.ts';
import { mapWorker } from '#functions/sync/__provider__/map.ts';

describe('__Title__', () => {
  it('names the hosts it may call', () => {
    expect(manifest.allowedHosts, '__provider__: write the hosts of the source (manifest.ts)').not.toEqual([]);
  });

  it('maps every recorded row', () => {
    for (const row of dataset.endpoints.workers ?? [])
      expect(mapWorker(row)).toMatchObject({ kind: 'record', record: { entity: 'worker', sourceId: String(row.id) } });
  });

  it('rejects what is no row', () => {
    for (const raw of [null, 'text', [], 7, {}]) expect(mapWorker(raw).kind).toBe('rejected');
  });
});
