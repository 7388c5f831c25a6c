/** `tuban diff BEFORE AFTER`: the one-off comparison of two files, without workspace or database. */
import { existsSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { compareFiles, type DiffRequest, type DiffResult } from '../diff.js';
import { BOUNDARY_KINDS, type BoundaryKind } from '../model/boundary.js';
import { Fault } from '../model/fault.js';
import { parseMask } from '../model/mask-option.js';
import type { CommandContext, Register, Session } from './command.js';

interface Options {
  kind: 'mining' | 'any';
  bands?: string;
  bandsBefore?: string;
  bandsAfter?: string;
  sensor?: string;
  sensorBefore?: string;
  sensorAfter?: string;
  layer: string[];
  mask: string[];
  history: string[];
  minArea?: string;
  dateBefore?: string;
  dateAfter?: string;
  exact?: true;
  out: string[];
  score?: string;
  change?: string;
  jobs?: string;
  json?: true;
}

const FORMATS = ['.gpkg', '.geojson', '.shp', '.html'];

const collect = (value: string, before: string[]): string[] => [...before, value];

export const register: Register = (program: Command, context: CommandContext) => {
  program
    .command('diff')
    .description('比较两期影像，给出变化图斑 (compare two images, no workspace needed)')
    .argument('<before>', '前期影像 (earlier image)')
    .argument('<after>', '后期影像 (later image)')
    .addOption(
      new Option('--kind <kind>', '找什么：mining 疑似采矿，any 任何变化 (what to look for)')
        .choices(['mining', 'any'])
        .default('mining'),
    )
    .option('--bands <roles>', '两期的波段用途，如 blue,green,red,nir (roles of the bands)')
    .option('--bands-before <roles>', '前期的波段用途 (of the earlier image)')
    .option('--bands-after <roles>', '后期的波段用途 (of the later image)')
    .option('--sensor <name>', '两期的传感器，如 sentinel-2、landsat-8、gf-1 (sensor of both)')
    .option('--sensor-before <name>', '前期的传感器 (sensor of the earlier image)')
    .option('--sensor-after <name>', '后期的传感器 (sensor of the later image)')
    .option(
      '--layer <kind=file>',
      `边界图层，可多次给出；类别：${BOUNDARY_KINDS.join(' ')} (register layer)`,
      collect,
      [],
    )
    .option(
      '--mask <file>',
      '不可见区域：[before:|after:][scl:|qa_pixel:|fmask:]文件，可多次 (pixels not seen)',
      collect,
      [],
    )
    .option(
      '--history <file[@date]>',
      '更早的影像，可多次；用于区分季节变化与新增 (earlier image of the place: tells season from what is new)',
      collect,
      [],
    )
    .option('--min-area <m2>', '最小图斑面积，平方米 (smallest patch, m²)')
    .option('--date-before <date>', '前期日期 YYYY-MM-DD (date of the earlier image)')
    .option('--date-after <date>', '后期日期 YYYY-MM-DD (date of the later image)')
    .option('--exact', '解码全部像元，不借助金字塔 (decode everything, also where overviews would do)')
    .option('--out <file>', `图斑结果，可多次给出：${FORMATS.join(' ')} (patches)`, collect, [])
    .option('--score <file.tif>', '变化强度影像，float32 (change score)')
    .option('--change <file.tif>', '变化掩膜：1 变化 0 无 255 未见 (change mask)')
    .option('--jobs <n>', '并行进程数，默认为处理器核数 (parallel processes)')
    .option('--json', '只输出一个 JSON 对象 (print one JSON object)')
    .action(async (before: string, after: string, options: Options) => {
      const request = requestFrom(before, after, options, context.session);
      const pool = context.pool(request.jobs ?? undefined);
      const result = await compareFiles(pool, request, (note) => context.session.err(`${note}\n`));
      const remote = [request.before, request.after].some(({ path }) => path.startsWith('/vsi'));
      const bytes = remote ? ((await pool.networkBytes?.()) ?? null) : null;
      context.session.out(options.json ? `${JSON.stringify(summary(result, bytes))}\n` : table(result, bytes));
    });
};

function requestFrom(before: string, after: string, options: Options, session: Session): DiffRequest {
  const path = (given: string): string => (given.startsWith('/vsi') ? given : resolve(session.cwd, given));
  const outPath = (given: string): string => {
    const full = resolve(session.cwd, given);
    if (!existsSync(dirname(full))) {
      throw new Fault(
        'diff.out',
        `结果的文件夹不存在：${dirname(full)}，请先建立 (the folder of ${given} does not exist)`,
      );
    }
    return full;
  };
  return {
    before: {
      path: path(before),
      sensor: options.sensorBefore ?? options.sensor,
      bands: options.bandsBefore ?? options.bands,
      date: dateOf('--date-before', options.dateBefore),
    },
    after: {
      path: path(after),
      sensor: options.sensorAfter ?? options.sensor,
      bands: options.bandsAfter ?? options.bands,
      date: dateOf('--date-after', options.dateAfter),
    },
    kind: options.kind,
    layers: options.layer.map((text) => layerOf(text, path)),
    masks: options.mask.map((text) => {
      const mask = parseMask(text);
      return { ...mask, path: path(mask.path) };
    }),
    history: options.history.map((text) => {
      const [, file = text, date] = /^(.+)@(\d[\d./-]*)$/.exec(text) ?? [];
      return {
        path: path(file),
        date: dateOf('--history', date),
        sensor: options.sensor ?? options.sensorBefore,
        bands: options.bands ?? options.bandsBefore,
      };
    }),
    minAreaM2: options.minArea === undefined ? null : positive('--min-area', options.minArea),
    jobs: options.jobs === undefined ? null : Math.ceil(positive('--jobs', options.jobs)),
    out: options.out.map((text) => {
      const format = extname(text).toLowerCase();
      if (!FORMATS.includes(format)) {
        throw new Fault(
          'diff.format',
          `--out 的格式不认识：“${text}”，可用 ${FORMATS.join(' ')} (unknown output format)`,
        );
      }
      return outPath(text);
    }),
    scorePath: options.score === undefined ? null : outPath(options.score),
    changePath: options.change === undefined ? null : outPath(options.change),
    exact: options.exact === true,
  };
}

function layerOf(text: string, path: (given: string) => string): { kind: BoundaryKind; path: string } {
  const at = text.indexOf('=');
  const kind = text.slice(0, Math.max(0, at));
  const known = BOUNDARY_KINDS.find((name) => name === kind);
  if (!known || at + 1 >= text.length) {
    throw new Fault(
      'diff.layer',
      `--layer 应写作 类别=文件，类别为 ${BOUNDARY_KINDS.join('、')} 之一，得到的是“${text}” (expected KIND=FILE)`,
    );
  }
  return { kind: known, path: path(text.slice(at + 1)) };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new Fault('diff.number', `${option} 应为正数，得到的是“${text}” (expected a positive number)`);
  }
  return value;
}

function dateOf(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  const iso = compact ? `${compact[1]}-${compact[2]}-${compact[3]}` : text;
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? new Date(`${iso}T00:00:00Z`) : null;
  if (!parsed || Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== iso) {
    throw new Fault('diff.date', `${option} 应为日期 YYYY-MM-DD，得到的是“${text}” (expected a date)`);
  }
  return iso;
}

function summary(result: DiffResult, networkBytes: number | null): Record<string, unknown> {
  const { shift } = result;
  return {
    patches: result.patchCount,
    seasonal_dropped: result.seasonalCount,
    change_m2: result.changeM2,
    seen_share: result.seenShare,
    shift_px: [shift.x, shift.y],
    shift_residual_px: shift.tiles > 0 ? shift.residualPx : null,
    shift_local: shift.field !== undefined,
    refused_share: shift.refusedShare ?? 0,
    seconds: Math.round(result.seconds * 1000) / 1000,
    method: result.method,
    mode: result.mode,
    read_share: Math.round(result.readShare * 1000) / 1000,
    ...(networkBytes === null ? {} : { network_bytes: networkBytes }),
    recipe_hash: result.recipeHash,
    outputs: result.outputs,
  };
}

function refusedText({ shift }: DiffResult): string {
  const corrected = shift.field ? '，各处偏移不一，已逐像元改正' : '';
  const share = shift.refusedShare ?? 0;
  return share > 0
    ? `${corrected}；其中 ${(share * 100).toFixed(1)} % 的范围两期无法对准，按未见处理，未作比较`
    : corrected;
}

const TABLE_ROWS = 20;

function table(result: DiffResult, networkBytes: number | null): string {
  const mu = (areaM2: number): string => ((areaM2 * 3) / 2000).toFixed(2);
  const lines = [
    `图斑 ${result.patchCount} 个` +
      (result.changeM2 === null
        ? ''
        : `，变化面积 ${Math.round(result.changeM2)} 平方米（${mu(result.changeM2)} 亩）`) +
      `；两期均可见 ${(result.seenShare * 100).toFixed(1)} %；偏移 ${result.shift.x.toFixed(2)}, ${result.shift.y.toFixed(2)} 像元（残差 ${result.shift.residualPx.toFixed(2)}）${refusedText(result)}`,
  ];
  for (const { patch, judgement } of result.judged.slice(0, TABLE_ROWS)) {
    lines.push(
      `${patch.id.padStart(4)}  分值 ${judgement.score.toFixed(1).padStart(5)}  ${mu(patch.areaM2).padStart(9)} 亩  ` +
        `${patch.lon.toFixed(6)},${patch.lat.toFixed(6)}  ${judgement.violations.join(',')}` +
        (judgement.outsideM2 > 0 ? `  界外 ${mu(judgement.outsideM2)} 亩` : ''),
    );
  }
  if (result.judged.length > TABLE_ROWS) lines.push(`      … 其余 ${result.judged.length - TABLE_ROWS} 个见结果文件`);
  for (const path of result.outputs) lines.push(`已写出 ${path}`);
  if (result.mode === 'overviews') {
    lines.push(
      `由粗到细：先看金字塔，再按原分辨率读了 ${(100 * result.readShare).toFixed(0)} % 的范围；--exact 读全部 (overviews first, ${(100 * result.readShare).toFixed(0)} % read at full size; --exact reads all)`,
    );
  }
  if (networkBytes !== null)
    lines.push(`经网络读取 ${(networkBytes / 2 ** 20).toFixed(1)} MiB (fetched over the network)`);
  lines.push(`方法 ${result.method}，配方 ${result.recipeHash}，用时 ${result.seconds.toFixed(1)} 秒`, '');
  return lines.join('\n');
}
