import type { OpenOptions } from '#mirror/connector.ts';
import { isWireObject } from '#mirror/offline.ts';
import { tryRead } from '#mirror/read-fields.ts';
import { type Discovery, rawText, ValueCollector } from '#mirror/source-values.ts';
import { QuickBooksTimeClient } from './client.ts';
import { JobcodeTree } from './jobcode-tree.ts';
import { placeOf } from './map/place.ts';

/** What a QuickBooks Time account has to map: custom fields with values they hold, the tree of jobcodes, statuses, where branches may come from (M-62, M-65). */
export async function discover(options: OpenOptions): Promise<Discovery> {
  const client = new QuickBooksTimeClient(options);
  const found = new ValueCollector();
  const byJobcode = new Map<string, string | null>();
  const tree = new JobcodeTree(async () => []);
  await found.read(
    ['custom_field'],
    () => client.all('customfields'),
    (row) => {
      const id = rawText(row, 'id');
      const name = rawText(row, 'name');
      const isOfJobs = /job_?code/.test(rawText(row, 'applies_to') ?? '');
      if (id === null || !isOfJobs) return;
      byJobcode.set(id, name);
      found.add('custom_field', id, { name });
      found.add('branch_list', `custom_field:${id}`, { name });
    },
  );
  await found.read(
    ['jobcode', 'custom_field', 'status'],
    async () => {
      const rows = await client.all('jobcodes');
      tree.note(rows);
      return rows;
    },
    (row) => {
      if (rawText(row, 'type') !== 'regular') return;
      const parentId = rawText(row, 'parent_id');
      const id = rawText(row, 'id');
      found.add('jobcode', id, {
        name: rawText(row, 'name'),
        parentId: parentId === '0' ? null : parentId,
        rollsUpInto: id === null ? null : rolledUpInto(tree, id, options),
      });
      found.add('status', rawText(row, 'active') === 'true' ? 'active' : 'archived', { sample: rawText(row, 'name') });
      const fields = isWireObject(row) && isWireObject(row.customfields) ? row.customfields : {};
      for (const id of byJobcode.keys()) found.add('custom_field', id, { sample: rawText(fields, id) });
    },
  );
  await found.read(
    ['status'],
    () => client.all('projects'),
    (row) => found.add('status', rawText(row, 'status'), { sample: rawText(row, 'name') }),
  );
  await found.read(
    ['branch_list'],
    () => client.all('groups'),
    (row) => found.add('branch_list', 'group', { sample: rawText(row, 'name') }),
  );
  return found.found;
}

/** The job or milestone whose the time of a node below the deepest level becomes, as the settings stand; null for every other node. */
function rolledUpInto(tree: JobcodeTree, id: string, { settings }: OpenOptions): string | null {
  let into: string | null = null;
  tryRead(() => {
    const { role, jobId, milestoneId } = placeOf(tree.nodes, id, settings);
    if (role === 'rolled_up') into = milestoneId ?? jobId;
  });
  return into;
}
