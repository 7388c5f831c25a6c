/** System packages by apt-get: only when something is missing, as root or through sudo. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { runProgram, which } from './run-program.mjs';
import { SetupProblem, step } from './say.mjs';

let listsAreFresh = false;

/** @param {string} why for the person: what the packages are for, Chinese and English. */
export async function aptInstall(packages, [whyChinese, whyEnglish], logs) {
  const names = packages.join(' ');
  const byHand = `apt-get install ${names}`;
  if (which('apt-get') === null) {
    throw new SetupProblem(
      `${whyChinese}需要系统软件包 ${names}（Debian/Ubuntu 的名称），但本机没有 apt-get。请用本系统的软件管理工具安装后重试，或改用 Docker（见 docker-compose.yml）`,
      `${whyEnglish} needs the system packages ${names} (names of Debian/Ubuntu), but there is no apt-get here. Install them with your system's package tool and run this again, or use Docker (docker-compose.yml)`,
    );
  }
  const sudo = sudoPrefix(whyChinese, whyEnglish, byHand);
  await step(`安装系统软件包：${names}`, `installing system packages: ${names}`, async () => {
    if (!listsAreFresh) {
      await apt([...sudo, 'apt-get', 'update'], join(logs, 'apt-update.log'));
      listsAreFresh = true;
    }
    const options = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=600'];
    // RUNLEVEL=1: services that come with the packages are not started; we run private ones.
    const set = ['env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'];
    const { ok, said } = await apt(
      [...sudo, ...set, 'apt-get', 'install', ...options, ...packages],
      join(logs, 'apt.log'),
    );
    if (!ok) {
      throw new SetupProblem(
        `系统软件包安装失败。请检查软件源后手动执行：${byHand}，然后重试。apt-get 的输出：\n${said}`,
        `the system packages could not be installed. Check the package mirror, run by hand: ${byHand}, then try again`,
      );
    }
  });
}

function apt(command, log) {
  return runProgram(command[0], command.slice(1), { cwd: '/', log });
}

function sudoPrefix(whyChinese, whyEnglish, byHand) {
  if (process.getuid?.() === 0) return [];
  const mayAsk = process.stdin.isTTY && process.stderr.isTTY;
  if (which('sudo') !== null && (mayAsk || sudoWithoutPassword())) return mayAsk ? ['sudo'] : ['sudo', '-n'];
  throw new SetupProblem(
    `${whyChinese}需要安装系统软件包，而当前用户不是 root，也不能使用 sudo。请管理员执行：${byHand}，然后重试`,
    `${whyEnglish} needs system packages, but you are neither root nor able to use sudo. Ask an administrator to run: ${byHand}, then try again`,
  );
}

function sudoWithoutPassword() {
  try {
    execFileSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Newest `postgresql-N-postgis-3` the mirror has; needs fresh lists. */
export async function postgisPackages(logs) {
  await ensureLists(logs);
  const text = execFileSync('apt-cache', ['search', '--names-only', '^postgresql-[0-9]+-postgis-3$'], {
    encoding: 'utf8',
  });
  const versions = [...text.matchAll(/^postgresql-(\d+)-postgis-3 /gm)].map((match) => Number(match[1]));
  const newest = Math.max(...versions);
  if (!Number.isFinite(newest)) {
    throw new SetupProblem('软件源里没有 PostGIS', 'the package mirror has no postgresql-N-postgis-3');
  }
  return [`postgresql-${newest}`, `postgresql-${newest}-postgis-3`];
}

async function ensureLists(logs) {
  if (listsAreFresh || which('apt-get') === null) return;
  const sudo = sudoPrefix('测试用的 PostgreSQL ', 'PostgreSQL for the tests', 'apt-get install postgresql postgis');
  await apt([...sudo, 'apt-get', 'update'], join(logs, 'apt-update.log'));
  listsAreFresh = true;
}
