import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manifests } from '#functions/sync/manifests.ts';
import { listFunctions } from '#lib/functions.ts';
import { drawingFile, drawingText } from '#tools/stack-docs/drawing.ts';
import { permissionsFile, permissionsText } from '#tools/stack-docs/permissions.ts';
import { assemblyFolder } from '#tools/synth.ts';

describe('pages made from the templates', () => {
  it('are those that are committed; `npm run stack-docs` renews them', () => {
    expect(readFileSync(permissionsFile, 'utf8')).toBe(permissionsText(assemblyFolder));
    expect(readFileSync(drawingFile, 'utf8')).toBe(drawingText(assemblyFolder));
  });

  it('name every function, and no Scan', () => {
    const text = permissionsText(assemblyFolder);
    for (const { name } of listFunctions(manifests.map(({ provider }) => provider))) expect(text).toContain(`| \`${name}\` |`);
    expect(text).not.toContain('dynamodb:Scan');
  });
});
