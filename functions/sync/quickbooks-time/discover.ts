import type { OpenOptions } from '#mirror/connector.ts';
import { isWireObject } from '#mirror/offline.ts';
import { type Discovery, rawText, ValueCollector } from '#mirror/source-values.ts';
import { QuickBooksTimeClient } from './client.ts';

/** What a QuickBooks Time account has to map: custom fields with values they hold, the tree of jobcodes, statuses, where branches may come from (M-62, M-65). */
export async function discover(options: OpenOptions): Promise<Discovery> {
  const client = new QuickBooksTimeClient(options);
  const found = new ValueCollector();
  const byJobcode = new Map<string, string | null>();
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
    () => client.all('jobcodes'),
    (row) => {
      if (rawText(row, 'type') !== 'regular') return;
      const parentId = rawText(row, 'parent_id');
      found.add('jobcode', rawText(row, 'id'), { name: rawText(row, 'name'), parentId: parentId === '0' ? null : parentId });
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
