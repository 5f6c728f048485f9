import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { clientTypesFile, clientTypesText } from './client-types.ts';
import { openApiFile, openApiText } from './openapi.ts';
import { writeWhole } from './project.ts';

/** `npm run openapi`: renews the description of the API and the types of its client. */
const files = [
  [openApiFile, openApiText()],
  [clientTypesFile, await clientTypesText()],
] as const;
for (const [file, text] of files) {
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, text);
  process.stdout.write(`${file}\n`);
}
