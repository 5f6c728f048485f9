import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { threadId } from 'node:worker_threads';
import { build } from 'esbuild';
import { type BundleReport, bundleFunctions } from './bundle.ts';
import { digest, digestFile, inProject, projectRoot } from './project.ts';

export interface Synthesis {
  /** The cloud assembly: templates, manifest, asset folders, validation report. */
  readonly folder: string;
  /** True when the inputs had not changed and what was there is used. */
  readonly cached: boolean;
}

/** What a synthesis was made from and what came out; written into the assembly so that both can be checked later. */
interface Receipt {
  readonly inputs: string;
  readonly templates: string;
}

/** A finding of a check pack or of CloudFormation's own validation. */
export interface Finding {
  readonly plugin: string;
  readonly rule: string;
  readonly description: string;
  readonly constructs: readonly string[];
}

/** What the CLI reads as well; `context.stage` is the stage that is meant where none is named. */
const context: { readonly stage: string; readonly stages: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(inProject('cdk.json'), 'utf8'),
).context;

/** The stages of cdk.json. */
export const stageNames: readonly string[] = Object.keys(context.stages);

/** Where a stage's assembly lies. */
export function assemblyOf(stage: string): string {
  return stage === context.stage ? inProject('cdk.out') : inProject('.build', 'stages', stage);
}

/** Where the assembly of the usual stage lies: the one that runs at home. */
export const assemblyFolder = assemblyOf(context.stage);
const RECEIPT = 'receipt.json';

/**
 * Builds the bundles and synthesizes every stack of a stage, unless neither the code of the stacks, the stage nor a bundle has
 * changed since. The folder is replaced as a whole. Throws when the app fails or a check finds anything.
 */
export async function synthesize(stage = context.stage): Promise<Synthesis> {
  const folder = assemblyOf(stage);
  const inputs = await digestInputs(stage, await bundleFunctions());
  if (receiptHolds(folder, inputs)) return { folder, cached: true };
  const draft = inProject('.build', `assembly-${process.pid}-${threadId}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    await runApp(stage, draft);
    const findings = readFindings(draft);
    if (findings.length > 0)
      throw new Error(`The templates do not pass their checks:\n${findings.map(describeFinding).join('\n')}`);
    const receipt: Receipt = { inputs, templates: digestTemplates(draft) };
    writeFileSync(`${draft}/${RECEIPT}`, JSON.stringify(receipt));
    replaceFolder(folder, draft);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return { folder, cached: false };
}

/** The findings in an assembly's validation report; none when every check passed. Throws when there is no report. */
export function readFindings(folder: string): Finding[] {
  const report: ValidationReport = JSON.parse(readFileSync(`${folder}/validation-report.json`, 'utf8'));
  return report.pluginReports.flatMap(({ pluginName, violations }) =>
    violations.map(({ ruleName, description, violatingConstructs }) => ({
      plugin: pluginName,
      rule: ruleName,
      description,
      constructs: violatingConstructs.map(({ constructPath }) => constructPath),
    })),
  );
}

/** The part of the CDK's validation report that is read here. */
interface ValidationReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly {
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

/** Everything the templates depend on: the code that the app loads, the bundles, the pinned packages. */
async function digestInputs(stage: string, bundles: readonly BundleReport[]): Promise<string> {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ['bin/app.ts'],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const files = [...Object.keys(metafile.inputs), 'cdk.json', 'package-lock.json', 'tools/synth.ts'].sort();
  return digest(
    JSON.stringify([
      stage,
      ...files.map((file) => [file, digestFile(inProject(file))]),
      ...bundles.map((each) => [each.name, each.digest]),
    ]),
  );
}

function receiptHolds(folder: string, inputs: string): boolean {
  const path = `${folder}/${RECEIPT}`;
  if (!existsSync(path)) return false;
  const receipt: Receipt = JSON.parse(readFileSync(path, 'utf8'));
  // The CLI writes to the same folder: what it left counts only if it is what the receipt describes.
  return receipt.inputs === inputs && receipt.templates === digestTemplates(folder);
}

function digestTemplates(folder: string): string {
  return digest(
    templateFiles(folder)
      .map((file) => digestFile(`${folder}/${file}`))
      .join(),
  );
}

function templateFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.template.json'))
    .sort();
}

async function runApp(stage: string, outdir: string): Promise<void> {
  const child = spawn(process.execPath, ['bin/app.ts'], {
    cwd: projectRoot,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`The CDK app failed:\n${said}`);
}

function replaceFolder(folder: string, draft: string): void {
  const old = inProject('.build', `assembly-${process.pid}-old`);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(folder)) renameSync(folder, old);
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(draft, folder);
  rmSync(old, { recursive: true, force: true });
}

function describeFinding({ plugin, rule, description, constructs }: Finding): string {
  return `  ${plugin} ${rule}: ${description}\n${constructs.map((construct) => `    ${construct}`).join('\n')}`;
}

async function report(stage: string): Promise<void> {
  const startedMs = performance.now();
  const { folder, cached } = await synthesize(stage);
  console.log(`Stage ${stage}, in ${relative(projectRoot, folder)}`);
  for (const file of templateFiles(folder)) {
    const { Resources: resources } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
    console.log(`${file.padEnd(28)} ${String(Object.keys(resources).length).padStart(4)} resources`);
  }
  const how = cached ? 'unchanged since the last synthesis' : 'synthesized, all checks passed';
  console.log(`${how}, ${Math.ceil(performance.now() - startedMs)} ms`);
}

if (import.meta.main) for (const stage of process.argv.length > 2 ? process.argv.slice(2) : stageNames) await report(stage);
