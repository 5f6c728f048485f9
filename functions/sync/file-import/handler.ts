import { requiredVariable } from '#platform/ports.ts';
import { openS3FileStore } from '#platform/s3-file-store.ts';
import { syncFunctionOptions } from '#sync/function.ts';
import { createFileHandler } from './doors.ts';
import { fileImportConnector } from './index.ts';

/** The function of the file source: runs as everywhere, and the doors that files come through. */
export const handler = createFileHandler(
  syncFunctionOptions(fileImportConnector),
  openS3FileStore(requiredVariable(process.env, 'FILES_BUCKET')),
);
