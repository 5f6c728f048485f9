import { zoneOf } from '#bonus/creation.ts';
import { hexHashOf } from '#kernel/hash.ts';
import { localTimeOf } from '#kernel/zone.ts';
import type { AreaValues } from '#model/tenant-context.ts';
import { readArea } from '#store/settings-repository.ts';
import type { Desk } from '../bonus/desk.ts';
import type { ApiAnswer, ApiRequest } from '../route.ts';
import type { Language } from './formats.ts';
import { statementCsv } from './statement-csv.ts';
import type { Statement, Writing } from './statement-facts.ts';
import { statementPdf } from './statement-pdf.ts';
import { WORDS } from './words.ts';

/** A statement as a table or a document, of the very figures that the API answers. Language and formats are the organisation's unless another is asked for. */
export async function statementDocument(
  { ports, scope }: Pick<ApiRequest, 'ports' | 'scope'>,
  { context }: Desk,
  statement: Statement,
  asked: { readonly format: 'csv' | 'pdf'; readonly language: Language | undefined },
): Promise<ApiAnswer> {
  const area = (await readArea(ports.table, scope, 'tenant'))?.values as Partial<AreaValues['tenant']> | undefined;
  const { timeFormat = '12h', hoursDisplay = 'decimal' } = area ?? {};
  const language = asked.language ?? area?.language ?? 'en';
  const writing: Writing = {
    words: WORDS[language],
    formats: { language, timeFormat, hoursDisplay, plain: asked.format === 'csv' },
  };
  const zone = zoneOf(context, statement.branchId);
  const letterhead = {
    company: context.name,
    branch: context.branches[statement.branchId ?? '']?.name ?? null,
    localTime: (instant: string) => localTimeOf(instant, zone),
  };
  const body = asked.format === 'csv' ? statementCsv(statement, writing) : statementPdf(statement, letterhead, writing);
  return {
    body,
    mediaType: asked.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/pdf',
    headers: {
      'content-language': language,
      'content-disposition': `attachment; filename="statement-${(statement.reference ?? 'open').toLowerCase()}.${asked.format}"`,
      'x-checksum-sha256': hexHashOf(body),
      'x-data-as-of': statement.dataAsOf ?? 'unknown',
    },
  };
}
