import { fileURLToPath } from 'node:url';
import { routes } from '#functions/api/routes.ts';
import { manifests } from '#functions/sync/manifests.ts';
import { buildApp } from '#lib/app.ts';

// `npm run synth` builds the bundles first; without them this fails at the first function it cannot find.
buildApp({
  integrations: manifests,
  routes,
  bundleFolder: fileURLToPath(new URL('../.build/functions', import.meta.url)),
}).synth();
