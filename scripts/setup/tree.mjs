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
  const fresh = join(aside, 'tree');
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

/** The packages, into the folder aside; kept there when a later step fails, so that the next try goes on from it. */
async function install(root, fresh, key, logs) {
  const mark = join(fresh, 'installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === key) return;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(root, name), join(fresh, name));
  await step('安装 npm 软件包', 'installing npm packages', async () => {
    const log = join(logs, 'npm-ci.log');
    const { ok, said } = await runProgram('npm', ['ci', '--include=dev', '--include=optional'], { cwd: fresh, log });
    if (ok) return writeFileSync(mark, key);
    rmSync(fresh, { recursive: true, force: true });
    throw new SetupProblem(
      `npm 软件包安装失败。请检查网络和 npm 镜像（npm config get registry）后重试。npm 的输出：\n${said}`,
      'the npm packages could not be installed; check the network and the registry (npm config get registry), then try again',
    );
  });
}
