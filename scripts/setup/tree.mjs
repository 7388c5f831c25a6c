/**
 * node_modules, whole or not at all: packages are installed and gdal-async is made ready in a folder aside, which then takes the
 * place of node_modules by renaming. A failure, an interrupt or a kill leaves what was there before.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bindingTrouble, ensureBinding } from './gdal-binding.mjs';
import { runProgram } from './run-program.mjs';
import { SetupProblem, say, step } from './say.mjs';

const STAMP = '.tuban-ready';
const PREFIX = 'tree-';

/** Changes when other packages, another Node ABI or another kind of machine ask for another tree. */
function treeKey(root) {
  const hash = createHash('sha256');
  for (const name of ['package-lock.json', '.npmrc']) hash.update(readFileSync(join(root, name)));
  hash.update(`${process.versions.modules} ${process.platform} ${process.arch}`);
  return hash.digest('hex').slice(0, 32);
}

export async function ensureTree(root, aside, logs) {
  const tree = join(root, 'node_modules');
  if (existsSync(tree) && lstatSync(tree).isSymbolicLink()) {
    say('node_modules 是链接，不改动', 'node_modules is a link: left alone');
    return;
  }
  const key = treeKey(root);
  const stamp = join(tree, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) {
    const trouble = await bindingTrouble(root, logs);
    if (trouble === null) return;
    say('GDAL 接口不能用，重新准备', 'the GDAL binding does not work any more; making it ready again');
  }
  const fresh = join(aside, `${PREFIX}${process.pid}`);
  adoptLeftOver(aside, fresh, key);
  await install(root, fresh, key, logs);
  await ensureBinding(fresh, logs);
  writeFileSync(join(fresh, 'node_modules', STAMP), key);
  const old = join(aside, 'old');
  rmSync(old, { recursive: true, force: true });
  if (existsSync(tree)) renameSync(tree, old);
  renameSync(join(fresh, 'node_modules'), tree);
  rmSync(old, { recursive: true, force: true });
  rmSync(fresh, { recursive: true, force: true });
}

/**
 * A set-up that was killed may leave a folder, even a process that goes on writing there: so each has a folder of its own.
 * One in which the packages are whole is taken over; the rest is removed.
 */
function adoptLeftOver(aside, fresh, key) {
  for (const name of readdirSync(aside).filter((entry) => entry.startsWith(PREFIX))) {
    const left = join(aside, name);
    if (left !== fresh && !existsSync(fresh) && isInstalled(left, key)) renameSync(left, fresh);
    else if (left !== fresh) removeIfQuiet(left);
  }
}

function removeIfQuiet(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    // something still writes there: the next set-up will find it quiet
    if (error.code !== 'ENOTEMPTY') throw error;
  }
}

function isInstalled(folder, key) {
  const mark = join(folder, 'installed');
  return existsSync(mark) && readFileSync(mark, 'utf8') === key;
}

/** The packages, into the folder aside; kept there when a later step fails, so that the next try goes on from it. */
async function install(root, fresh, key, logs) {
  if (isInstalled(fresh, key)) return;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(root, name), join(fresh, name));
  await step('安装 npm 软件包', 'installing npm packages', async () => {
    const log = join(logs, 'npm-ci.log');
    const { ok, said } = await runProgram('npm', ['ci', '--include=dev', '--include=optional'], { cwd: fresh, log });
    if (ok) return writeFileSync(join(fresh, 'installed'), key);
    rmSync(fresh, { recursive: true, force: true });
    throw new SetupProblem(
      `npm 软件包安装失败。请检查网络和 npm 镜像（npm config get registry）后重试。npm 的输出：\n${said}`,
      'the npm packages could not be installed; check the network and the registry (npm config get registry), then try again',
    );
  });
}
