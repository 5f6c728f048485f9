// Runs a TypeScript file of this repository with the pinned Node, after installing what is missing. Plain JavaScript without
// dependencies, because it runs before anything is installed, on any Node from 20.19.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const binaries = join(modules, '.bin');
const lockFile = join(root, '.installing');
const INSTALL_LIMIT_MS = 15 * 60_000;

const [script, ...args] = process.argv.slice(2);
if (!script) {
  console.error('usage: node tools/run.mjs SCRIPT [ARGUMENT…]');
  process.exit(2);
}
const failure = installWhatIsMissing();
if (failure === 0) run();
else process.exitCode = failure;

/** Runs `npm ci` unless the installed packages are those of package-lock.json; answers its exit code, 0 when all is there. */
function installWhatIsMissing() {
  if (isInstalled()) return 0;
  takeLock();
  try {
    if (isInstalled()) return 0;
    console.error('Installing packages (npm ci)…');
    const npm = process.env.npm_execpath;
    const options = { cwd: root, stdio: ['ignore', 2, 2] };
    const result = npm?.endsWith('.js')
      ? spawnSync(process.execPath, [npm, 'ci', '--no-audit', '--no-fund'], options)
      : spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { ...options, shell: process.platform === 'win32' });
    if (result.status === 0) return 0;
    console.error('npm ci failed; nothing runs without its packages.');
    return result.status ?? 1;
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/**
 * Whether npm's own record of what it installed, written last, names the packages of package-lock.json in the same versions.
 * Optional ones may be missing: those are for other platforms.
 */
function isInstalled() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const missing = Object.keys(wanted).some((path) => installed[path]?.version !== wanted[path].version && !isLeftOut(path));
  return !missing && Object.keys(installed).every((path) => wanted[path]);

  function isLeftOut(path) {
    return !installed[path] && wanted[path].optional === true;
  }
}

/** The packages that a lock file lists, by the folder they go to; the project itself is left out. */
function packagesOf(lockFile) {
  const { '': _project, ...packages } = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  return packages;
}

/** Two commands on a fresh clone must not install into the same folder at once: the second waits, unless the first is gone. */
function takeLock() {
  const giveUpAt = Date.now() + INSTALL_LIMIT_MS;
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = existsSync(lockFile) ? Number(readFileSync(lockFile, 'utf8')) : 0;
    if (!isRunning(owner)) {
      rmSync(lockFile, { force: true });
      continue;
    }
    if (Date.now() > giveUpAt) throw new Error(`Another installation (process ${owner}) seems to hang; end it and try again.`);
    if (!told) console.error(`Waiting for another installation (process ${owner})…`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
}

/** Whether a process of this number is there; a lock just being written names none yet and counts as held. */
function isRunning(pid) {
  if (!(pid > 0)) return existsSync(lockFile) && readFileSync(lockFile, 'utf8') === '';
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The Node that package.json pins; this process's own where that one is missing and this one is new enough. */
function pinnedNode() {
  const pinned = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error('The package "node" has no binary here: was it installed with its install script switched off?');
}

function run() {
  const child = spawn(pinnedNode(), [join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` },
  });
  // A terminal sends Ctrl-C to the child as well; then passing it on would be a second one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    throw error;
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
