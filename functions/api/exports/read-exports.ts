import { exportsPartition } from '#model/keys.ts';
import { decodeExport } from '#model/payroll-export.ts';
import { dataAsOf, openDesk } from '../bonus/desk.ts';
import { agedListOf } from '../edge.ts';
import { readPage } from '../pages.ts';
import { PAGING } from '../query.ts';
import { defineRoute } from '../route.ts';
import { findings, loadExport, mayExport, SEE_EXPORTS, seesExport } from './load.ts';
import { exportRowSchema, exportSchema } from './shapes.ts';
import { exportRow, exportView } from './views.ts';

/** Payroll exports, the latest first. What preflight finds stands on each by itself. */
export const listExports = defineRoute({
  method: 'GET',
  path: '/v1/exports',
  group: 'exports',
  summary: 'Payroll exports, the latest first',
  access: SEE_EXPORTS,
  query: PAGING,
  answer: { status: 200, description: 'A page of exports', schema: agedListOf(exportRowSchema) },
  handler: async (request) => {
    const desk = await openDesk(request);
    const aged = { dataAsOf: dataAsOf(desk, Object.keys(desk.context.connections)) };
    if (!(await mayExport(request))) return { body: { items: [], nextCursor: null, ...aged } };
    const page = await readPage(request, [{ partition: exportsPartition(request.scope), descending: true }]);
    const seen = page.items.map(decodeExport).filter((one) => seesExport(request, desk, one));
    return { body: { items: seen.map((one) => exportRow(one, desk.context.currency)), nextCursor: page.nextCursor, ...aged } };
  },
});

/** One payroll export with what preflight finds. */
export const getExport = defineRoute({
  method: 'GET',
  path: '/v1/exports/{id}',
  group: 'exports',
  summary: 'One payroll export',
  access: SEE_EXPORTS,
  answer: { status: 200, description: 'The export with its preflight', schema: exportSchema },
  handler: async (request) => {
    const { desk, one, statements } = await loadExport(request, request.params.id);
    return { body: exportView(one, desk.context.currency, await findings(request, desk, one, statements)) };
  },
});
