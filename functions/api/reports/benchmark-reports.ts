import { countedProPay } from '#bonus/goals/metric-records.ts';
import { figureOfProPays } from '#bonus/rules/goal-metric.ts';
import { compareWithBenchmark } from '#bonus/rules/report-figures.ts';
import { AREA_DEFAULTS, type AreaValues } from '#model/tenant-context.ts';
import { readArea } from '#store/settings-repository.ts';
import { approvedIn } from './counted.ts';
import { GROUP_COLUMNS, groupsOf } from './groups.ts';
import { PERIOD, PLACES } from './parameters.ts';
import { type ReportDefinition, type ReportInputs, shown } from './report.ts';

const TABLES = { branch: 'branches', division: 'divisions', serviceType: 'serviceTypes' } as const;

/** Insights efficiency against the benchmarks of the settings (B-172, B-174); it enters no calculation of pay. */
export const benchmark: ReportDefinition = {
  filters: [...PERIOD, ...PLACES, 'groupBy'],
  columns: [...GROUP_COLUMNS, 'proPays', 'insightsEfficiencyBp', 'benchmarkBp', 'result'],
  read: async (inputs) => {
    const counted = await approvedIn(inputs);
    const groups = await groupsOf(inputs, counted);
    const wanted = (await readBenchmarks(inputs))[TABLES[inputs.given.groupBy ?? 'branch']];
    const items = groups.map(({ key, cells, list }) => {
      const records = list.map(({ proPay, result }) => countedProPay(proPay, result));
      const figure = figureOfProPays('insights_efficiency', records).value;
      const benchmarkBp = wanted[key ?? ''] ?? null;
      return {
        ...cells,
        proPays: list.length,
        benchmarkBp,
        ...shown(inputs.shows.costs, {
          insightsEfficiencyBp: figure,
          result: figure === null || benchmarkBp === null ? null : compareWithBenchmark(figure, benchmarkBp),
        }),
      };
    });
    return { figures: { proPays: counted.length }, items, ids: counted.map(({ proPay }) => proPay.id) };
  },
};

async function readBenchmarks({ request }: ReportInputs): Promise<AreaValues['bonus']['benchmarks']> {
  const area = await readArea(request.ports.table, request.scope, 'bonus');
  return (area?.values as Partial<AreaValues['bonus']> | undefined)?.benchmarks ?? AREA_DEFAULTS.bonus.benchmarks;
}
