/**
 * The set-up, on a machine that has Node 20+, npm and a Debian/Ubuntu package mirror: npm packages, GDAL binding, font, build.
 * May be run at any time and interrupted at any time: it skips what is there and never leaves half an installation.
 *   node scripts/setup/main.mjs [--with-test-servers]
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureFont } from './fonts.mjs';
import { takeLock } from './lock.mjs';
import { endPrograms } from './run-program.mjs';
import { SetupProblem, say } from './say.mjs';
import { ensureTestServers } from './test-servers.mjs';
import { ensureTree } from './tree.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const aside = join(root, '.tuban-setup');
const logs = join(aside, 'logs');

async function setUp(withTestServers) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupProblem(
      `需要 Node 20.19 或更新版本，当前是 ${process.version}`,
      `Node 20.19 or newer is needed, this is ${process.version}`,
    );
  }
  if (process.platform !== 'linux') {
    throw new SetupProblem(
      `自动安装只支持 Linux（Debian/Ubuntu），当前系统是 ${process.platform}。请使用 Docker（docker-compose.yml）或 WSL`,
      `the set-up works on Linux (Debian/Ubuntu); this is ${process.platform}. Use Docker (docker-compose.yml) or WSL`,
    );
  }
  mkdirSync(logs, { recursive: true });
  const release = await takeLock(aside);
  try {
    await ensureTree(root, aside, logs);
    await ensureFont(logs);
    if (withTestServers) await ensureTestServers(logs);
    const { build } = await import('../build.mjs');
    const built = await build(root);
    say(built ? '已构建' : '一切就绪，无需改动', built ? 'built' : 'everything is there, nothing to do');
  } finally {
    release();
  }
}

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.once(signal, () => {
    endPrograms();
    say('已中断；再次运行会接着进行', 'interrupted; run it again to go on');
    rmSync(join(aside, 'lock'), { force: true });
    process.exit(status);
  });
}

const known = ['--with-test-servers'];
const unknown = process.argv.slice(2).filter((word) => !known.includes(word));
try {
  if (unknown.length > 0) {
    throw new SetupProblem(`不认识的选项 ${unknown.join(' ')}`, `unknown option; known: ${known.join(' ')}`);
  }
  await setUp(process.argv.includes('--with-test-servers'));
} catch (error) {
  process.stderr.write(`[setup] ${error instanceof SetupProblem ? error.message : explained(error)}\n`);
  process.exitCode = 1;
}

function explained(error) {
  if (error.code === 'ENOSPC') return `磁盘已满，请腾出空间后重试\n  (the disk is full: make room and try again)`;
  if (error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS') {
    return `没有权限写 ${error.path}，请检查文件夹的属主后重试\n  (no permission to write ${error.path}: check who owns the folder and try again)`;
  }
  return `安装失败：${error.message}\n  (the set-up failed)`;
}
