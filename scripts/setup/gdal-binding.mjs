/**
 * The compiled half of gdal-async: the prebuilt one where it can be downloaded, else one compiled against the system's GDAL
 * (about three minutes on two cores). Its own installer would fall back to half an hour of compiling bundled sources: never called.
 */
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { aptInstall } from './debian.mjs';
import { runProgram, which } from './run-program.mjs';
import { SetupProblem, say, step } from './say.mjs';

/** Opens a TIFF and crosses from CGCS2000 to one of its zones: proves the binding, its libraries and PROJ's data. */
const PROOF = `
const gdal = require('gdal-async');
const made = gdal.open('/vsimem/ready.tif', 'w', 'GTiff', 2, 2, 1, gdal.GDT_Byte);
made.bands.get(1).pixels.write(0, 0, 2, 2, new Uint8Array([1, 2, 3, 4]));
made.close();
if (gdal.open('/vsimem/ready.tif').bands.get(1).pixels.get(1, 1) !== 4) throw new Error('a TIFF reads wrong');
const from = gdal.SpatialReference.fromEPSG(4490), to = gdal.SpatialReference.fromEPSG(4528);
new gdal.CoordinateTransformation(from, to).transformPoint(38, 120);
`;

/** @returns {Promise<string | null>} null = works, else what is wrong. */
export async function bindingTrouble(root, logs) {
  const { ok, said } = await runProgram(process.execPath, ['-e', PROOF], {
    cwd: root,
    log: join(logs, 'gdal-proof.log'),
    timeoutS: 60,
  });
  return ok ? null : said;
}

export async function ensureBinding(root, logs) {
  if ((await bindingTrouble(root, logs)) === null) return;
  const folder = join(root, 'node_modules', 'gdal-async');
  const binding = join(folder, 'lib', 'binding');
  const preGyp = join(folder, 'node_modules', '.bin', 'node-pre-gyp');
  try {
    if (await prebuilt(root, folder, preGyp, binding, logs)) return;
    await compile(root, folder, preGyp, logs);
  } catch (error) {
    // An empty or half-made folder here makes later installs believe that all is there.
    rmSync(binding, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(join(folder, 'build', 'Release', 'obj.target'), { recursive: true, force: true });
  }
}

async function prebuilt(root, folder, preGyp, binding, logs) {
  rmSync(binding, { recursive: true, force: true });
  say('下载 gdal-async 的预编译文件', 'downloading the prebuilt part of gdal-async');
  const { ok } = await runProgram(preGyp, ['install'], {
    cwd: folder,
    log: join(logs, 'gdal-prebuilt.log'),
    timeoutS: 240,
  });
  if (ok && (await bindingTrouble(root, logs)) === null) return true;
  rmSync(binding, { recursive: true, force: true });
  say(
    '下载不到可用的预编译文件，改用本机 GDAL 编译',
    'no prebuilt file that works can be had; compiling against the system’s GDAL',
  );
  return false;
}

async function compile(root, folder, preGyp, logs) {
  const missing = [
    ['g++', 'g++'],
    ['make', 'make'],
    ['python3', 'python3'],
    ['gdal-config', 'libgdal-dev'],
  ].filter(([program]) => which(program) === null);
  const why = ['编译 GDAL 接口', 'compiling the GDAL binding'];
  if (missing.length > 0)
    await aptInstall(
      missing.map(([, name]) => name),
      why,
      logs,
    );
  const headers = nodeHeaders();
  if (headers === null) {
    say('本机没有 Node 头文件，由 node-gyp 下载', 'no Node headers on this machine; node-gyp will download them');
  }
  const args = [
    'rebuild',
    '--build-from-source',
    '--shared_gdal',
    ...(headers === null ? [] : [`--nodedir=${headers}`]),
  ];
  await step('编译 GDAL 接口，双核约 3 分钟', 'compiling the GDAL binding, about 3 minutes on two cores', async () => {
    const { ok, said } = await runProgram(preGyp, args, {
      cwd: folder,
      env: { JOBS: 'max' },
      log: join(logs, 'gdal-build.log'),
    });
    const trouble = ok ? await bindingTrouble(root, logs) : said;
    if (trouble === null) return;
    const noHeaders = headers === null && /headers|nodejs\.org|ENOTFOUND|ECONNREFUSED|403/i.test(trouble);
    throw noHeaders
      ? new SetupProblem(
          `找不到与 Node ${process.version} 相配的头文件（include/node/node.h），也下载不到。请安装带头文件的 Node（官方压缩包、NodeSource 或 node Docker 镜像），或设置 npm_config_nodedir`,
          `there are no headers (include/node/node.h) for Node ${process.version} here and they cannot be downloaded. Install a Node that brings them (official archive, NodeSource, the node image) or set npm_config_nodedir`,
        )
      : new SetupProblem(
          `GDAL 接口编译失败，全部输出在 ${join(logs, 'gdal-build.log')}。最后几行：\n${trouble}`,
          'compiling the GDAL binding failed; the log named above has all of it. GDAL 3.6 or newer is needed',
        );
  });
}

/** A prefix that holds include/node of the very Node that runs, or null. */
function nodeHeaders() {
  const prefixes = [
    process.env.npm_config_nodedir,
    dirname(dirname(realpathSync(process.execPath))),
    dirname(dirname(process.execPath)),
    '/usr',
    '/usr/local',
    join(homedir(), '.cache', 'node-gyp', process.versions.node),
  ];
  const found = prefixes.find((prefix) => {
    const file = prefix && join(prefix, 'include', 'node', 'node_version.h');
    if (!file || !existsSync(file) || !existsSync(join(prefix, 'include', 'node', 'node.h'))) return false;
    return readFileSync(file, 'utf8').includes(`#define NODE_MODULE_VERSION ${process.versions.modules}`);
  });
  return found ?? null;
}
