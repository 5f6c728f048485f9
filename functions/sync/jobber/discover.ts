import type { OpenOptions } from '#mirror/connector.ts';
import { isWireObject } from '#mirror/offline.ts';
import { type Discovery, rawText, ValueCollector } from '#mirror/source-values.ts';
import { JobberClient } from './client.ts';
import { fieldsOf, LISTS, type ListName, pageQuery, rowCostOf } from './queries.ts';

/** Kinds of values that a custom field can hold. */
const VALUES = ['valueText', 'valueNumeric', 'valueDropdown', 'valueTrueFalse'] as const;

/** What a Jobber account has to map: custom fields of its jobs with values they hold, labels of time, statuses (M-49, M-60). */
export async function discover(options: OpenOptions): Promise<Discovery> {
  const client = new JobberClient(options);
  const found = new ValueCollector();
  const some = (list: ListName) => () => page(client, list);
  await found.read(['custom_field', 'status'], some('jobs'), (job) => {
    found.add('status', rawText(job, 'jobStatus'), { sample: rawText(job, 'title') });
    for (const field of customFieldsOf(job)) {
      const value = VALUES.map((kind) => rawText(field, kind)).find((text) => text !== null) ?? null;
      found.add('custom_field', rawText(field, 'id') ?? rawText(field, 'label'), {
        name: rawText(field, 'label'),
        sample: value,
      });
    }
  });
  await found.read(['time_label'], some('timeSheetEntries'), (entry) => found.add('time_label', rawText(entry, 'label')));
  return found.found;
}

async function page(client: JobberClient, list: ListName): Promise<readonly unknown[]> {
  const answer = await client.ask({
    kind: `discover ${list}`,
    text: pageQuery(list, fieldsOf(list, true)),
    roots: [list],
    variables: (first) => ({ first }),
    first: LISTS[list].first,
    rowCost: rowCostOf(list, true),
  });
  const connection = answer.data[list];
  return isWireObject(connection) && Array.isArray(connection.nodes) ? connection.nodes : [];
}

function customFieldsOf(job: unknown): readonly unknown[] {
  return isWireObject(job) && Array.isArray(job.customFields) ? job.customFields : [];
}
