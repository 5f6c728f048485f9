import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { clientTypesFile, clientTypesText } from '#tools/client-types.ts';

it('the types of the client are those of the API as it is; `npm run openapi` renews them', async () => {
  expect(readFileSync(clientTypesFile, 'utf8')).toBe(await clientTypesText());
});
