import { existsSync, readdirSync, rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build, type Metafile, type OutputFile } from 'esbuild';
import { manifests } from '#functions/sync/manifests.ts';
import { type FunctionDefinition, listFunctions } from '#lib/functions.ts';
import { leanSdk } from './lean-sdk.ts';
import { packedJson } from './packed-json.ts';
import { digest, digestFile, inProject, projectRoot, writeWhole } from './project.ts';
import { pureRules } from './pure-rules.ts';

/** What is known of one built bundle; sizes in bytes. */
export interface BundleReport {
  readonly name: string;
  readonly sizeBytes: number;
  readonly gzipBytes: number;
  readonly digest: string;
  /** Every file that went into it, from the root of the repository. */
  readonly inputs: readonly string[];
  /** Modules it loads at run time that are not part of it. */
  readonly externals: readonly string[];
}

/** Folder of the built functions, one folder per function name. */
export const bundleFolder = inProject('.build', 'functions');
/** Source maps stay out of the deployed folders: they would outweigh the code, and every cold start loads what is there. */
const mapFolder = inProject('.build', 'maps');
const reportFile = inProject('.build', 'bundles.json');

/**
 * Bundles every function of the product into `.build/functions/<name>/index.mjs` and describes the result in
 * `.build/bundles.json`. Files whose content did not change are left alone. Throws when an entry is missing or does not build.
 */
export async function bundleFunctions(): Promise<readonly BundleReport[]> {
  const definitions = listFunctions(manifests.map(({ provider }) => provider));
  refuseMissingEntries(definitions);
  const result = await build({
    absWorkingDir: projectRoot,
    entryPoints: Object.fromEntries(definitions.map(({ name, entry }) => [name, entry])),
    outdir: 'bundles',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    plugins: [leanSdk(), packedJson(), pureRules()],
    sourcemap: 'external',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const reports = definitions.map(({ name }) => describe(name, result.outputFiles, result.metafile));
  for (const { name } of definitions) {
    writeIfChanged(`${bundleFolder}/${name}/index.mjs`, output(result.outputFiles, `${name}.mjs`).contents);
    writeIfChanged(`${mapFolder}/${name}.mjs.map`, output(result.outputFiles, `${name}.mjs.map`).contents);
  }
  removeOthers(definitions);
  writeIfChanged(reportFile, `${JSON.stringify(reports, null, 2)}\n`);
  return reports;
}

function refuseMissingEntries(definitions: readonly FunctionDefinition[]): void {
  const missing = definitions.filter(({ entry }) => !existsSync(inProject(entry)));
  if (missing.length > 0) {
    throw new Error(`These functions have no handler:\n${missing.map(({ name, entry }) => `  ${name}: ${entry}`).join('\n')}`);
  }
}

function describe(name: string, files: readonly OutputFile[], metafile: Metafile): BundleReport {
  const { contents } = output(files, `${name}.mjs`);
  const meta = metafile.outputs[`bundles/${name}.mjs`];
  if (!meta) throw new Error(`The build does not describe ${name}.`);
  return {
    name,
    sizeBytes: contents.byteLength,
    gzipBytes: gzipSync(contents).byteLength,
    digest: digest(contents),
    inputs: Object.keys(meta.inputs).sort(),
    externals: [...new Set(meta.imports.filter(({ external }) => external).map(({ path }) => path))].sort(),
  };
}

function output(files: readonly OutputFile[], name: string): OutputFile {
  const file = files.find(({ path }) => path === inProject('bundles', name));
  if (!file) throw new Error(`The build has no output ${name}.`);
  return file;
}

function writeIfChanged(path: string, content: string | Uint8Array): void {
  if (!existsSync(path) || digestFile(path) !== digest(content)) writeWhole(path, content);
}

function removeOthers(definitions: readonly FunctionDefinition[]): void {
  const known = new Set(definitions.map(({ name }) => name));
  for (const folder of readdirSync(bundleFolder)) {
    if (!known.has(folder)) rmSync(`${bundleFolder}/${folder}`, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const startedMs = performance.now();
  for (const { name, sizeBytes, gzipBytes } of await bundleFunctions()) {
    console.log(`${name.padEnd(24)} ${String(sizeBytes).padStart(8)} B ${String(gzipBytes).padStart(8)} B gzip`);
  }
  console.log(`built in ${Math.ceil(performance.now() - startedMs)} ms`);
}
