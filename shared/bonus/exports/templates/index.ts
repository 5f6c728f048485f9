import type { ExportTargetName } from '#model/settings.ts';
import type { ExportTemplate } from '../template.ts';
import { adpTemplate } from './adp.ts';
import { genericTemplate } from './generic.ts';
import { gustoTemplate } from './gusto.ts';
import { paychexTemplate } from './paychex.ts';
import { paycomTemplate } from './paycom.ts';
import { quickbooksTemplate } from './quickbooks.ts';

/** Every layout that files were made with, the one in use last. */
const TEMPLATES: Readonly<Record<ExportTargetName, readonly [ExportTemplate, ...ExportTemplate[]]>> = {
  generic: [genericTemplate],
  gusto: [gustoTemplate],
  adp: [adpTemplate],
  paychex: [paychexTemplate],
  quickbooks: [quickbooksTemplate],
  paycom: [paycomTemplate],
};

/** The layout in use. */
export function latestTemplate(target: ExportTargetName): ExportTemplate {
  return TEMPLATES[target].at(-1)!;
}

/** The layout that a file was made with. Throws where it is gone: then its bytes could not be told any more. */
export function templateOf(target: ExportTargetName, version: number): ExportTemplate {
  const found = TEMPLATES[target].find((template) => template.version === version);
  if (found === undefined) throw new Error(`the layout ${version} of ${target} is gone`);
  return found;
}
