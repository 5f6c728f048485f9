import { pathToFileURL } from 'node:url';
import { inProject } from './project.ts';

/**
 * A part of an integration's folder that is never deployed, by the name under which every integration exports it: `offline` of
 * `offline.ts`, `demo` of `fake/demo.ts`, `conformance` of `fake/conformance.ts`. So tools and tests know integrations by their manifests
 * alone. Throws when the folder lacks it.
 */
export async function integrationPart<Part>(provider: string, file: string, name: string): Promise<Part> {
  const path = `functions/sync/${provider}/${file}`;
  const module: Record<string, unknown> = await import(/* @vite-ignore */ pathToFileURL(inProject(path)).href);
  const part = module[name];
  if (part === undefined) throw new Error(`${path} does not export ${name}`);
  return part as Part;
}
