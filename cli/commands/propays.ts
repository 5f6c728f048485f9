import { type Command, Option } from 'commander';
import { allItems, bodyOf } from '#client/client.ts';
import type { GetPropaysQuery, GetPropaysItem as ProPay } from '#client/generated/api.ts';
import { show, table } from '../output.ts';
import type { Run } from '../run.ts';
import { UsageError } from '../session.ts';

interface ListOptions {
  readonly status?: GetPropaysQuery['status'];
  readonly ready?: boolean;
}

/** `propays`: the ProPays with their figures. */
export function propaysCommand(program: Command, run: Run): void {
  program
    .command('propays')
    .description('the ProPays with their figures')
    .addOption(new Option('--status <status>', 'only these').choices(['Active', 'Approved', 'Paid', 'Canceled', 'Deleted']))
    .option('--ready', 'only those that can be approved now')
    .action(
      run(async ({ api, output }, { status, ready }: ListOptions) => {
        const filters = { ...(status === undefined ? {} : { status }), ...(ready ? { ready: 'true' as const } : {}) };
        const items = await allItems((cursor) =>
          api.GET('/v1/propays', { params: { query: { ...filters, limit: 200, ...(cursor === undefined ? {} : { cursor }) } } }),
        );
        show(output, items, () =>
          table(
            ['id', 'reference', 'title', 'status', 'savings', 'ready', 'stands in the way'],
            items.map((one) => [
              ...[one.id, one.reference, one.title, one.status, one.result?.savings],
              ...[one.ready ? 'yes' : 'no', one.blockers?.map(({ code }) => code).join(' ')],
            ]),
            'There is none.',
          ),
        );
      }),
    );
}

interface ApproveOptions {
  readonly accept: readonly string[];
  readonly note?: string;
  readonly inputsVersion?: string;
}

/** `approve`: approves what the ProPay says now, or what `--inputs-version` says was looked at. */
export function approveCommand(program: Command, run: Run): void {
  program
    .command('approve <propay>')
    .description('approve a ProPay; its figures become line items')
    .option(
      '--inputs-version <version>',
      'the version that was looked at; other figures by now are refused. Default: the present one',
    )
    .option('--accept <code=reason>', 'a warning that is accepted, with the reason; may be given again', collect, [])
    .option('--note <text>', 'a note on the approval')
    .action(
      run(async ({ api, output }, id: string, { accept, note, inputsVersion }: ApproveOptions) => {
        const accepted = accept.map(acceptance);
        const version = inputsVersion ?? (await bodyOf(api.GET('/v1/propays/{id}', { params: { path: { id } } }))).inputsVersion;
        const approved = await bodyOf(
          api.POST('/v1/propays/{id}/approve', {
            params: { path: { id } },
            body: { inputsVersion: version, accept: accepted, ...(note === undefined ? {} : { note }) },
          }),
        );
        show(output, approved, () => `${headOf(approved)}\n${itemsTable(approved.lineItems)}`);
      }),
    );
}

function headOf({
  reference,
  title,
  status,
  approval,
  currency,
}: Pick<ProPay, 'reference' | 'title' | 'status' | 'approval' | 'currency'>): string {
  return `${reference} ${title}: ${status}${approval?.total === undefined ? '' : `, ${approval.total} ${currency}`}`;
}

function itemsTable(
  items: readonly { id: string; workerId: string; role: string | null; amount: string; releaseOn: string | null }[],
): string {
  return table(
    ['line item', 'worker', 'role', 'amount', 'held until'],
    items.map((one) => [one.id, one.workerId, one.role, one.amount, one.releaseOn]),
    'It pays nobody anything.',
  );
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function acceptance(text: string): { code: string; reason: string } {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new UsageError(`--accept takes code=reason, not "${text}".`);
  return { code: text.slice(0, at), reason: text.slice(at + 1) };
}
