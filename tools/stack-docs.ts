import { writeWhole } from './project.ts';
import { drawingFile, drawingText } from './stack-docs/drawing.ts';
import { permissionsFile, permissionsText } from './stack-docs/permissions.ts';
import { synthesize } from './synth.ts';

/** `npm run stack-docs`: renews the pages that are made from the templates. */
const { folder } = await synthesize();
for (const [file, text] of [
  [permissionsFile, permissionsText(folder)],
  [drawingFile, drawingText(folder)],
] as const) {
  writeWhole(file, text);
  process.stdout.write(`${file}\n`);
}
