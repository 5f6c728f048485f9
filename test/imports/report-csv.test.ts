import { expect, it } from 'vitest';
import { REPORT_HEADER, reportLine } from '#imports/report-csv.ts';
import { importFile } from './importing.ts';

const NO_CELL_IS_A_FORMULA = /(?:^|,)"?[=+\-@\t\r]/m;

it('a report is CSV in which no cell is a formula', async () => {
  const values = ['=1+1', '+1', '-1', '@x', ' =x', '"\t=x"', '"a, ""b"""', 'plain'];
  const header = '=HEADER,id,name,active';
  const { reports } = await importFile(
    `${header}\n${values.map((value, at) => `${value},${at},n,${value}`).join('\n')}\n`,
    'branches',
  );
  expect(reports).toHaveLength(values.length);
  const lines = reports.map(reportLine);
  expect(REPORT_HEADER).toBe('line,record,severity,code,column,message,value\r\n');
  expect(lines[0]).toBe("2,1,error,UNKNOWN_WORD,active,is neither yes nor no,'=1+1\r\n");
  expect(lines[6]).toBe('8,7,error,UNKNOWN_WORD,active,is neither yes nor no,"a, ""b"""\r\n');
  for (const line of lines) expect(line).not.toMatch(NO_CELL_IS_A_FORMULA);
  expect(reportLine({ ...reports[0]!, column: '=cmd()', message: '@x' })).toBe("2,1,error,UNKNOWN_WORD,'=cmd(),'@x,'=1+1\r\n");
});
