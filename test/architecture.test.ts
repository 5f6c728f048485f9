import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inProject, projectRoot } from '#tools/project.ts';

/** One source file: its path from the root, its code without comments, and what it imports. */
interface Source {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly code: string;
  readonly imports: readonly string[];
}

const IMPORT =
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
const ALIASES: Readonly<Record<string, string>> = {
  '#kernel': 'shared/kernel',
  '#model': 'shared/model',
  '#events': 'shared/events',
  '#webhooks': 'shared/webhooks',
  '#notices': 'shared/notices',
  '#mirror': 'shared/mirror',
  '#imports': 'shared/imports',
  '#bonus': 'shared/bonus',
  '#store': 'shared/store',
  '#pay': 'shared/pay',
  '#people': 'shared/people',
  '#platform': 'shared/platform',
  '#sync': 'shared/sync',
  '#fake-source': 'shared/fake-source',
  '#functions': 'functions',
  '#lib': 'lib',
  '#local': 'local',
  '#client': 'client',
  '#cli': 'cli',
  '#tools': 'tools',
  '#test': 'test',
};
const SHARED = [
  'shared/kernel',
  'shared/model',
  'shared/events',
  'shared/webhooks',
  'shared/notices',
  'shared/mirror',
  'shared/imports',
  'shared/bonus',
  'shared/store',
  'shared/pay',
  'shared/people',
  'shared/platform',
  'shared/sync',
];
const sources = ['shared', 'functions', 'client', 'cli', 'lib', 'bin', 'local', 'tools', 'bench'].flatMap(readSources);
/** The fakes of the sources and what they share; they run locally and in tests, and are never shipped. */
const isFake = ({ path }: Source) => path.includes('/fake/') || path.startsWith('shared/fake-source/');
const shipped = sources.filter((source) => /^(shared|functions)\//.test(source.path) && !isFake(source));

/** What each room may import: files of these folders, these packages, these modules of Node. */
interface Allowance {
  readonly folders: readonly string[];
  readonly packages: RegExp;
  readonly node: RegExp;
}
const NONE = /^$/;
const ALLOWED: Readonly<Record<string, Allowance>> = {
  'shared/kernel': { folders: ['shared/kernel'], packages: NONE, node: /^node:crypto$/ },
  'shared/model': { folders: ['shared/model', 'shared/kernel'], packages: /^zod\/mini$/, node: NONE },
  // What has happened, as feed, webhooks and notifications tell it.
  'shared/events': { folders: ['shared/events', 'shared/model', 'shared/kernel'], packages: NONE, node: NONE },
  // What is sent to the endpoints of tenants, how it is signed, and when it is tried again.
  'shared/webhooks': {
    folders: ['shared/webhooks', 'shared/events', 'shared/model', 'shared/kernel'],
    packages: /^standardwebhooks$/,
    node: NONE,
  },
  // What people are told of by mail, and who of them.
  'shared/notices': { folders: ['shared/notices', 'shared/events', 'shared/model', 'shared/kernel'], packages: NONE, node: NONE },
  'shared/mirror': {
    folders: ['shared/mirror', 'shared/events', 'shared/model', 'shared/kernel'],
    packages: NONE,
    node: NONE,
  },
  // What the rows of a file say, under a profile: records as of any other source, and every reason against one.
  'shared/imports': {
    folders: ['shared/imports', 'shared/mirror', 'shared/model', 'shared/kernel'],
    packages: /^zod\/mini$/,
    node: NONE,
  },
  'shared/bonus': { folders: ['shared/bonus', 'shared/model', 'shared/kernel'], packages: NONE, node: NONE },
  'shared/store': {
    folders: ['shared/store', 'shared/events', 'shared/model', 'shared/kernel'],
    packages: /^(@aws-sdk\/|zod\/mini$)/,
    node: /^node:(zlib|util|crypto)$/,
  },
  // What the commands of the API and the functions of the stream do about pay in the same way: read, ask the rules, write.
  'shared/pay': {
    folders: ['shared/pay', 'shared/bonus', 'shared/store', 'shared/model', 'shared/kernel'],
    packages: NONE,
    node: NONE,
  },
  // What the routes of people and whoever sends their messages do with an invitation in the same way.
  'shared/people': { folders: ['shared/people', 'shared/store', 'shared/model', 'shared/kernel'], packages: NONE, node: NONE },
  // The source http implements a port that the engine declares, and asks the engine's pure table whether to try again.
  'shared/platform': {
    folders: ['shared/platform', 'shared/mirror', 'shared/kernel'],
    packages: /^(@aws-sdk\/|@middy\/|@smithy\/signature-v4$|zod\/mini$|aws-lambda$)/,
    node: /^node:/,
  },
  // What the functions of all integrations have in common: dispatch, the run's shell, the vault.
  'shared/sync': {
    folders: ['shared/sync', 'shared/mirror', 'shared/store', 'shared/platform', 'shared/model', 'shared/kernel'],
    packages: /^(zod\/mini|@middy\/core|aws-lambda)$/,
    node: /^node:/,
  },
  'functions/api': {
    folders: [
      'functions/api',
      'functions/sync/manifests.ts',
      'functions/sync/catalogue.ts',
      'docs/generated/openapi.json',
      ...SHARED,
    ],
    packages: /^(zod\/mini|@middy\/core|aws-lambda|aws-jwt-verify\/.+)$/,
    node: /^node:/,
  },
  'functions/bonus': {
    folders: ['functions/bonus', ...SHARED],
    packages: /^(zod\/mini|@middy\/core|aws-lambda)$/,
    node: /^node:/,
  },
  'functions/events': {
    folders: ['functions/events', ...SHARED],
    packages: NONE,
    node: /^node:/,
  },
  // Whoever uses the API over HTTPS knows nothing of its inside.
  client: { folders: ['client'], packages: /^openapi-fetch$/, node: /^node:crypto$/ },
  cli: { folders: ['cli', 'client', 'tools/project.ts'], packages: /^commander$/, node: /^node:/ },
  lib: {
    folders: ['lib', 'functions/api/routes.ts', 'functions/sync/manifests.ts'],
    packages: /^(aws-cdk-lib|constructs$|cdk-nag$|zod\/mini$)/,
    node: /^node:/,
  },
  bin: {
    folders: ['lib', 'functions/api/routes.ts', 'functions/sync/manifests.ts'],
    packages: /^(aws-cdk-lib|constructs$|cdk-nag$)/,
    node: /^node:/,
  },
};

describe('rooms', () => {
  it.each(Object.entries(ALLOWED))('%s imports only what it may', (room, allowed) => {
    const wrong = sources
      .filter((source) => source.room === room)
      .flatMap(({ path, imports }) =>
        imports.filter((target) => !isAllowed(target, allowed)).map((target) => `${path} imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('an integration is one folder: it imports itself and shared code, and no other integration', () => {
    const wrong = sources
      .filter(({ path }) => /^functions\/sync\/[^/]+\//.test(path))
      .flatMap((source) => {
        const own = source.path.split('/').slice(0, 3).join('/');
        const allowed = {
          folders: [own, ...SHARED, ...(isFake(source) ? ['shared/fake-source'] : [])],
          packages: isFake(source) ? /^(zod\/mini|graphql)$/ : /^(zod\/mini|@middy\/core|aws-lambda)$/,
          node: /^node:/,
        };
        return source.imports.filter((target) => !isAllowed(target, allowed)).map((target) => `${source.path} imports ${target}`);
      });
    expect(wrong).toEqual([]);
  });

  it('the list of integrations imports their manifests and nothing else', () => {
    const list = sources.find(({ path }) => path === 'functions/sync/manifests.ts');
    expect(
      list?.imports.filter((target) => !/^(functions\/sync\/[^/]+\/manifest\.ts|shared\/model\/manifest\.ts)$/.test(target)),
    ).toEqual([]);
  });

  it('nothing that is shipped or deployed knows the local host, the tests or the tools', () => {
    const wrong = [...shipped, ...sources.filter(({ path }) => /^(lib|bin)\//.test(path))].filter(({ imports }) =>
      imports.some((target) => /^(local|test|tools|bench)\//.test(target)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('no shipped code imports a fake', () => {
    expect(
      shipped.filter(({ imports }) => imports.some((target) => /\/fake\/|fake-source\//.test(target))).map(({ path }) => path),
    ).toEqual([]);
  });
});

describe('shipped code', () => {
  it('reaches AWS only in store and platform', () => {
    const wrong = shipped.filter(
      ({ room, imports }) => !/^shared\/(store|platform)$/.test(room) && imports.some((target) => target.startsWith('@aws-sdk/')),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('takes zod by its mini entry, which alone fits the size of a function (P9)', () => {
    const wrong = shipped.filter(({ imports }) => imports.some((target) => /^zod(\/|$)/.test(target) && target !== 'zod/mini'));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('never scans the table', () => {
    expect(matching(shipped, /\bScan(Command|Input)?\b|\bpaginateScan\b/)).toEqual([]);
  });
});

describe('pure rooms', () => {
  const pure = sources.filter(({ room }) => room === 'shared/mirror' || room === 'shared/bonus');

  it('have no clock, randomness, environment, network or output of their own', () => {
    expect(
      matching(
        pure,
        /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|(?:await|return|=>?|[(,])\s*fetch\(|\bset(Timeout|Interval)\(|\bconsole\.|\bperformance\./,
      ),
    ).toEqual([]);
  });
});

describe('every file', () => {
  it('is finished: no notes to self and no switched-off checks', () => {
    expect(
      matching(
        sources,
        /\b(TODO|FIXME|XXX)\b|not implemented|@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable/i,
        'text',
      ),
    ).toEqual([]);
  });

  it('can be read in one sitting', () => {
    expect(sources.filter(({ text }) => text.split('\n').length > 400).map(({ path }) => path)).toEqual([]);
  });

  it('has a kebab-case name', () => {
    const names = sources
      .map(({ path }) => path)
      .filter((path) => !/^[a-z0-9-]+(\.test|\.config)?\.(ts|mjs)$/.test(path.split('/').at(-1)!));
    expect(names).toEqual([]);
  });
});

function readSources(folder: string): Source[] {
  if (!existsSync(inProject(folder))) return [];
  return readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name) && !entry.parentPath.endsWith('generated'))
    .map((entry) => readSource(normalize(join(entry.parentPath, entry.name)).slice(projectRoot.length)));
}

function readSource(path: string): Source {
  const text = readFileSync(inProject(path), 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, '');
  const imports = [...code.matchAll(IMPORT)]
    .map(([statement, listed, bare, dynamic]) => ({
      target: resolveImport(path, listed ?? bare ?? dynamic!),
      statement: statement.trim(),
    }))
    // A type of a package names what is passed in; it loads nothing.
    .filter(({ target, statement }) => isFile(target) || !statement.startsWith('import type'))
    .map(({ target }) => target);
  return { path, room: roomOf(path), text, code, imports };
}

/** A file of the project as its path from the root; a package or a module of Node as it is written. */
function resolveImport(from: string, target: string): string {
  if (target.startsWith('.')) return normalize(join(dirname(from), target));
  const [alias, ...rest] = target.split('/');
  const folder = ALIASES[alias!];
  return folder === undefined ? target : [folder, ...rest].join('/');
}

function roomOf(path: string): string {
  const depth = /^(shared|functions)\//.test(path) ? 2 : 1;
  return path.split('/').slice(0, depth).join('/');
}

function isAllowed(target: string, { folders, packages, node }: Allowance): boolean {
  if (target.startsWith('node:')) return node.test(target);
  if (!isFile(target)) return packages.test(target);
  return folders.some((folder) => target === folder || target.startsWith(`${folder}/`));
}

function isFile(target: string): boolean {
  return /\.(ts|mjs|json)$/.test(target);
}

function matching(among: readonly Source[], pattern: RegExp, where: 'code' | 'text' = 'code'): string[] {
  return among.filter((source) => pattern.test(source[where])).map(({ path }) => path);
}
