import type { Key } from '#model/keys.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { WriteAction } from './write-action.ts';

/** Says of a record that another one stands for it, or that none does any more; refused where that has changed since it was read. */
export function aliasAction(key: Key, { aliasOf }: Pick<MirrorRecord, 'aliasOf'>, targetId: string | null): WriteAction {
  const names = { '#al': 'al' };
  const seen = aliasOf === null ? 'attribute_not_exists(#al)' : '#al = :seen';
  const condition = {
    expression: `attribute_exists(pk) AND ${seen}`,
    names,
    ...(aliasOf === null ? {} : { values: { ':seen': aliasOf } }),
  };
  const update =
    targetId === null
      ? { expression: 'REMOVE #al', names }
      : { expression: 'SET #al = :target', names, values: { ':target': targetId } };
  return { kind: 'update', key, update, condition };
}
