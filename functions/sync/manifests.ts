import type { IntegrationManifest } from '#model/manifest.ts';
import { manifest as aspire } from './aspire/manifest.ts';
import { manifest as fileImport } from './file-import/manifest.ts';
import { manifest as jobber } from './jobber/manifest.ts';
import { manifest as procore } from './procore/manifest.ts';
import { manifest as quickBooksTime } from './quickbooks-time/manifest.ts';

/** Every integration of the product. The stacks, the local host, the catalogue and the conformance tests read this list. */
export const manifests: readonly IntegrationManifest[] = [aspire, fileImport, jobber, procore, quickBooksTime];
