import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pascalCase } from '#lib/names.ts';

const TEMPLATE = new URL('./template/', import.meta.url).pathname;
const ENDING = '.tpl';

/**
 * Makes the folder of a new integration in the project at `root`, its first tests, and its line in the list of integrations. What it makes
 * compiles and is wired; whatever only the source's contract can tell throws and says what has to be written. Answers the paths made.
 * Throws a sentence when the name is none or taken.
 */
export function newIntegration(root: string, provider: string): string[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(provider) || provider.length > 40)
    throw new Error(
      `"${provider}" is no name of an integration: lower-case words joined by hyphens, for example quickbooks-time`,
    );
  const folder = join('functions/sync', provider);
  if (existsSync(join(root, folder))) throw new Error(`${folder} exists already`);
  const name = pascalCase(provider);
  const fill = (text: string): string =>
    text
      .replaceAll('__provider__', provider)
      .replaceAll('__Name__', name)
      .replaceAll('__name__', name.charAt(0).toLowerCase() + name.slice(1))
      .replaceAll('__Title__', provider.split('-').map(pascalCase).join(' '));
  const made: string[] = [];
  for (const file of templateFiles()) {
    const target = file.startsWith('test/')
      ? join('test/functions/sync', provider, file.slice('test/'.length))
      : join(folder, file);
    const path = join(root, target.slice(0, -ENDING.length));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, fill(readFileSync(join(TEMPLATE, file), 'utf8')));
    made.push(target.slice(0, -ENDING.length));
  }
  register(root, provider, name.charAt(0).toLowerCase() + name.slice(1));
  return made;
}

function templateFiles(): string[] {
  return readdirSync(TEMPLATE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ENDING))
    .sort();
}

/** Adds the integration to the one list that everything reads. */
function register(root: string, provider: string, name: string): void {
  const path = join(root, 'functions/sync/manifests.ts');
  const text = readFileSync(path, 'utf8');
  const own = `import { manifest as ${name} } from './${provider}/manifest.ts';`;
  const withImport = text.replace(/(?:^import \{ manifest as .*\n)+/m, (block) => {
    const pathOf = (line: string): string => line.slice(line.indexOf(' from '));
    const lines = [...block.trimEnd().split('\n'), own].sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
    return `${lines.join('\n')}\n`;
  });
  const listed = withImport.replace(/(= \[[^\]]*?),?\s*\];/, `$1, ${name}];`);
  if (withImport === text || listed === withImport)
    throw new Error('functions/sync/manifests.ts has not the form that is expected');
  writeFileSync(path, listed);
}
