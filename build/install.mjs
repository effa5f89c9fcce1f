// Fetches the npm packages of a folder (its package.json and lock file) into its node_modules: `node build/install.mjs models`. The build
// calls it for what the product needs, a test for what only tests need. It runs `npm ci` once, however many ask at the same time. The lock
// is a folder with the owner's process id: creating a folder is atomic everywhere, and a lock whose owner died (kill -9, power cut) is
// taken over.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldest = 20;
const folder = resolve(process.argv[2] ?? '.');
const manifest = join(folder, 'package.json');
const lock = join(folder, '.install.lock');
const owner = join(lock, 'pid');
const stamp = join(folder, 'node_modules', '.installed');

// MSBuild takes a line of this form for an error of its own.
function fail(code, message) {
  console.error(`${manifest} : error ${code}: ${message}`);
  process.exit(1);
}

if (!existsSync(manifest)) fail('ME0003', 'there is no such file, so nothing says what to fetch.');
if (Number(process.versions.node.split('.')[0]) < oldest)
  fail('ME0002', `Node.js ${oldest} or newer is needed to fetch these packages; this is ${process.version}. Install a newer one from `
    + 'https://nodejs.org and try again.');

const { description } = JSON.parse(readFileSync(manifest, 'utf8'));
const inputs = ['package.json', 'package-lock.json', '.npmrc'].map(name => join(folder, name)).concat(fileURLToPath(import.meta.url))
  .filter(existsSync);
const upToDate = () => existsSync(stamp) && inputs.every(file => statSync(file).mtimeMs <= statSync(stamp).mtimeMs);
const sleep = ms => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function ownerIsAlive() {
  let pid;
  try {
    pid = Number(readFileSync(owner, 'utf8'));
  } catch {
    // Between mkdir and writing the id: give the owner a moment before the lock counts as abandoned.
    try { return Date.now() - statSync(lock).mtimeMs < 5000; } catch { return false; }
  }
  try { process.kill(pid, 0); return true; } catch (error) { return error.code === 'EPERM'; }
}

function acquire() {
  for (let announced = false; ; sleep(200)) {
    try {
      mkdirSync(lock);
      writeFileSync(owner, String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!ownerIsAlive()) { rmSync(lock, { recursive: true, force: true }); continue; }
    if (!announced) { announced = true; console.log('Another build is fetching the packages; waiting for it ...'); }
  }
}

acquire();
let status = 0;
try {
  if (!upToDate()) {
    console.log(`Fetching with npm: ${description} ...`);
    const npm = spawnSync('npm ci --no-audit --no-fund --ignore-scripts --loglevel=error', { cwd: folder, stdio: 'inherit', shell: true });
    status = npm.status ?? 1;
    if (status === 0) writeFileSync(stamp, new Date().toISOString() + '\n');
    else
      console.error(`${manifest} : error ME0004: npm could not fetch these packages; check the connection to the npm registry and try again.`);
  }
} finally {
  rmSync(lock, { recursive: true, force: true });
}
process.exit(status);
