// Runs `npm ci` here, once, however many builds ask at the same time. The lock is a folder with the owner's process id:
// creating a folder is atomic everywhere, and a lock whose owner died (kill -9, power cut) is taken over.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const lock = join(here, '.install.lock');
const owner = join(lock, 'pid');
const stamp = join(here, 'node_modules', '.installed');
const inputs = ['package.json', 'package-lock.json', '.npmrc', 'install.mjs'].map(name => join(here, name));

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
    const npm = spawnSync('npm ci --no-audit --no-fund --ignore-scripts --loglevel=error', { cwd: here, stdio: 'inherit', shell: true });
    status = npm.status ?? 1;
    if (status === 0) writeFileSync(stamp, new Date().toISOString() + '\n');
    else console.error('npm error: the packages of models/package.json could not be fetched; check the connection to the npm registry and build again.');
  }
} finally {
  rmSync(lock, { recursive: true, force: true });
}
process.exit(status);
