import type { RouteDefinition } from '../route.ts';
import { cancelExport } from './cancel-export.ts';
import { confirmExport } from './confirm-export.ts';
import { getExportFile } from './export-file.ts';
import { makeExport } from './make-export.ts';
import { prepareExport } from './prepare-export.ts';
import { getExport, listExports } from './read-exports.ts';

/** Routes of payroll exports. */
export const exportRoutes: readonly RouteDefinition[] = [
  listExports,
  prepareExport,
  getExport,
  getExportFile,
  makeExport,
  confirmExport,
  cancelExport,
];
