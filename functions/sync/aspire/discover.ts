import type { OpenOptions } from '#mirror/connector.ts';
import { type Discovery, rawText, ValueCollector } from '#mirror/source-values.ts';
import { AspireClient } from './client.ts';
import { Listing } from './listing.ts';
import type { ListName } from './lists.ts';

/** What an Aspire account has to map: roles, pay codes, contact types, statuses, types of opportunities (M-48, M-55, M-56). */
export async function discover(options: OpenOptions): Promise<Discovery> {
  const client = await AspireClient.open(options);
  const found = new ValueCollector();
  const whole = (list: ListName) => () => new Listing(client, list, null).rest();
  const newest = (list: ListName) => async () => (await client.page({ list, filter: null, top: 200 })).rows;
  await found.read(['role'], whole('Roles'), (row) => found.add('role', rawText(row, 'RoleName')));
  await found.read(['pay_code'], whole('PayCodes'), (row) =>
    found.add('pay_code', rawText(row, 'PayCodeName') ?? rawText(row, 'PayCode'), { name: rawText(row, 'PayCode') }),
  );
  await found.read(['contact_type'], whole('ContactTypes'), (row) => found.add('contact_type', rawText(row, 'ContactTypeName')));
  await found.read(['status'], whole('OpportunityStatuses'), (row) => found.add('status', rawText(row, 'OpportunityStatusName')));
  await found.read(['status'], whole('JobStatuses'), (row) => found.add('status', rawText(row, 'JobStatusName')));
  await found.read(['job_type', 'status'], newest('Opportunities'), (row) =>
    found.add('job_type', rawText(row, 'OpportunityType'), { sample: rawText(row, 'OpportunityName') }),
  );
  await found.read(['status'], newest('WorkTickets'), (row) =>
    found.add('status', rawText(row, 'WorkTicketStatusName') ?? rawText(row, 'WorkTicketStatus'), {
      sample: rawText(row, 'WorkTicketNumber'),
    }),
  );
  return found.found;
}
