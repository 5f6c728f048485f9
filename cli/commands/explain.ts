import type { Command } from 'commander';
import { bodyOf } from '#client/client.ts';
import type { GetPropaysByIdExplainAnswer as Explanation } from '#client/generated/api.ts';
import { show } from '../output.ts';
import type { Run } from '../run.ts';
import { treeOf } from '../trace-tree.ts';

interface ExplainOptions {
  readonly worker?: string;
  readonly depth: string;
}

/** `explain`: where every cent of a ProPay came from, as a tree down to the source records. */
export function explainCommand(program: Command, run: Run): void {
  program
    .command('explain <propay>')
    .description('why a bonus is this number: each payout, the records behind it, and the steps from them to it')
    .option('--worker <id>', 'only this worker')
    .option('--depth <steps>', 'how many steps back the tree goes', '6')
    .action(
      run(async ({ api, output }, id: string, { worker, depth }: ExplainOptions) => {
        const told = await bodyOf(api.GET('/v1/propays/{id}/explain', { params: { path: { id } } }));
        show(output, told, () => explanationText(told, worker ?? null, Number(depth)));
      }),
    );
}

function explanationText(told: Explanation, workerId: string | null, depth: number): string {
  const payouts = told.workers.filter((one) => workerId === null || one.workerId === workerId);
  return [
    `ProPay ${told.propayId}, ${told.basis}${told.approval === null ? '' : `, approval ${told.approval}`}, inputs ${told.inputsVersion}`,
    ...payouts.flatMap((one) => [
      `${one.workerId} ${one.role} ${one.amount} ${told.currency}`,
      ...one.leaves.map(
        (leaf) =>
          `  ${leaf.amount} from ${leaf.entity} ${leaf.sourceId ?? leaf.id}${leaf.workDate === null ? '' : ` of ${leaf.workDate}`}${leaf.seconds === null ? '' : `, ${leaf.seconds} s`}`,
      ),
    ]),
    '',
    ...treeOf(told.nodes, { workerId, depth }),
  ].join('\n');
}
