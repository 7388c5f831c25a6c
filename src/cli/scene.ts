/** tuban scene add | list | remove: the images of a workspace. */
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { sceneFiles } from '../adapters/files/scene-files.js';
import { createSceneRegister } from '../adapters/postgres/scene-register.js';
import { Fault } from '../model/fault.js';
import { parseSceneMask } from '../model/mask-option.js';
import type { Scene } from '../model/scene.js';
import type { SceneFiles } from '../ports/scene-files.js';
import type { IngestWish } from '../stages/ingest/ingest.js';
import { type Ingested, type IngestPorts, ingest } from '../stages/ingest/stage.js';
import type { CommandContext, Register, Session } from './command.js';
import { table } from './table.js';

interface AddOptions {
  readonly acquired?: string;
  readonly sensor?: string;
  readonly bands?: string;
  readonly mask?: readonly string[];
  readonly optimise?: boolean;
  readonly json?: boolean;
}

interface Refusal {
  readonly path: string;
  readonly fault: Fault;
}

export const register: Register = (program, context) => {
  const scene = program.command('scene').description('影像：登记、列出、移除 (images of the workspace)');
  addCommand(scene, context);
  scene
    .command('list')
    .description('列出已登记的影像 (list the registered images)')
    .option('--json', '输出 JSON (print JSON)')
    .action((options: { json?: boolean }) => list(options.json ?? false, context));
  scene
    .command('remove')
    .description('从登记中移除影像，文件不动 (take images out of the register; files stay)')
    .argument('<ID...>', '影像编号 (ids of images)')
    .action((ids: string[]) => remove(ids, context));
};

function addCommand(scene: Command, context: CommandContext): void {
  scene
    .command('add')
    .description(
      '登记影像；文件留在原处。可给文件、文件夹或带 * ? 的模式\n(register images; files stay where they are. Files, folders, or patterns with * and ?)',
    )
    .argument('<FILE...>', '影像文件 (image files)')
    .option(
      '--acquired <DATE>',
      '成像日期；缺省取自元数据或文件名 (date of acquisition; default: metadata or file name)',
    )
    .option('--sensor <NAME>', '传感器，如 S2、L8、GF1、高分二号 (sensor)')
    .option('--bands <LIST>', '各波段用途，如 blue,green,red,nir，“-”为不用 (role of each band, "-" to leave one out)')
    .option(
      '--mask <[CODE:]FILE>',
      '云等掩膜，CODE 为 scl、qa_pixel、fmask；可多次 (mask layer; may be given several times)',
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
    )
    .option(
      '--optimise',
      '另存为比对更快的副本（工作区的 scenes 文件夹），登记副本；原文件不动 (register a copy that is faster to compare; the file stays as it is)',
    )
    .option('--json', '输出 JSON (print JSON)')
    .action((files: string[], options: AddOptions) => add(files, options, context));
}

function wishOf(options: AddOptions, cwd: string): IngestWish {
  const masks = (options.mask ?? []).map(parseSceneMask).map((mask) => ({ ...mask, path: resolve(cwd, mask.path) }));
  return { acquired: options.acquired, sensor: options.sensor, bands: options.bands, masks };
}

async function add(args: readonly string[], options: AddOptions, context: CommandContext): Promise<void> {
  const workspace = await context.workspace();
  const { session } = context;
  const files = sceneFiles();
  const ports: IngestPorts = {
    pool: workspace.pool,
    files,
    register: createSceneRegister(workspace.database),
    ...(options.optimise ? { optimiseInto: copiesFolder(workspace.dir) } : {}),
  };
  const wish = wishOf(options, session.cwd);
  const refused: Refusal[] = [];
  const paths = await expandAll(args, session.cwd, files, refused);
  if (paths.length > 1 && wish.masks.some((mask) => mask.code !== 'vector')) {
    throw new Fault(
      'scene.mask-many',
      `给了 ${paths.length} 个影像和栅格掩膜；掩膜只属于一个影像，请逐个登记 (a raster mask belongs to one image: add them one by one)`,
    );
  }
  const done: Ingested[] = [];
  for (const path of paths) {
    session.signal.throwIfAborted();
    try {
      const result = await ingest(path, wish, ports);
      done.push(result);
      if (!options.json) tell(result, session);
    } catch (error) {
      refused.push({ path, fault: refusal(error) });
    }
  }
  if (options.json) session.out(`${JSON.stringify(jsonOf(done, refused))}\n`);
  if (refused.length > 0) tellRefused(refused, done.length, session);
}

function copiesFolder(dir: string): string {
  const folder = join(dir, 'scenes');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** What does not stop the batch: a fault of this file, or a child that this file brought down. */
function refusal(error: unknown): Fault {
  if (error instanceof Fault && (error.blame === 'input' || error.code === 'pool.child-lost')) return error;
  throw error;
}

async function expandAll(
  args: readonly string[],
  cwd: string,
  files: SceneFiles,
  refused: Refusal[],
): Promise<readonly string[]> {
  const paths = new Set<string>();
  for (const argument of args) {
    try {
      for (const path of await files.expand(argument, cwd)) paths.add(path);
    } catch (error) {
      refused.push({ path: argument, fault: refusal(error) });
    }
  }
  return [...paths];
}

function tell(result: Ingested, session: Session): void {
  const { scene, outcome } = result;
  const facts = `${scene.id}  ${scene.acquiredOn}  ${scene.quarter}  ${scene.sensor}`;
  if (outcome === 'known') session.out(`已在册，未作更改 (already there, nothing changed)  ${facts}  ${scene.path}\n`);
  else if (outcome === 'moved') session.out(`文件已移动，路径已更新 (moved, path updated)  ${facts}  ${scene.path}\n`);
  else if (outcome === 'copy') {
    session.out(`与已登记影像内容相同，未作更改 (same contents as)  ${facts}  ${result.path} = ${scene.path}\n`);
  } else {
    session.out(
      `已登记 (added)  ${facts}  ${scene.bands.length} 波段 (bands)  ${metres(scene.gsdM)} m  有效 (valid) ${percent(scene.validShare)}  ${scene.path}\n`,
    );
    for (const note of scene.notes ?? []) session.err(`  注意 (note)：${note}\n`);
  }
}

function tellRefused(refused: readonly Refusal[], done: number, session: Session): void {
  session.err(`\n未能登记 ${refused.length} 个，其余 ${done} 个已处理 (refused: ${refused.length}, done: ${done})\n`);
  for (const { path, fault } of refused) session.err(`  ${path}\n    ${fault.message}\n`);
  session.status = refused.some(({ fault }) => fault.blame === 'system') ? 1 : 2;
}

function jsonOf(done: readonly Ingested[], refused: readonly Refusal[]): object {
  return {
    scenes: done.map((result) => ({ outcome: result.outcome, ...brief(result.scene) })),
    refused: refused.map(({ path, fault }) => ({ path, code: fault.code, message: fault.message })),
  };
}

function brief(scene: Scene): object {
  const { id, path, acquiredOn, quarter, sensor, gsdM, validShare, sha256, masks } = scene;
  const bands = scene.bands.map((band) => band.role);
  return { id, path, acquiredOn, quarter, sensor, bands, gsdM, validShare, sha256, masks, notes: scene.notes ?? [] };
}

function metres(gsdM: number): string {
  return String(Math.round(gsdM * 100) / 100);
}

function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

const STATES = { same: '', changed: '内容已变 (changed)', missing: '文件缺失 (missing)' };

async function list(json: boolean, context: CommandContext): Promise<void> {
  const { database } = await context.workspace();
  const { session } = context;
  const files = sceneFiles();
  const scenes = await createSceneRegister(database).list();
  const rows = [];
  for (const scene of scenes) {
    const states = await Promise.all((scene.files ?? []).map((file) => files.state(file)));
    const state = states.includes('missing') ? 'missing' : states.includes('changed') ? 'changed' : 'same';
    rows.push({ scene, state } as const);
  }
  if (json) {
    const out = rows.map(({ scene, state }) => ({ ...brief(scene), state, footprint: scene.footprint }));
    session.out(`${JSON.stringify({ scenes: out })}\n`);
    return;
  }
  if (rows.length === 0) {
    session.err('还没有影像；用 tuban scene add 登记 (no images yet: tuban scene add)\n');
    return;
  }
  session.out(
    table(rows, [
      { head: '编号 (id)', cell: ({ scene }) => scene.id },
      { head: '日期 (date)', cell: ({ scene }) => scene.acquiredOn },
      { head: '季度', cell: ({ scene }) => scene.quarter },
      { head: '传感器 (sensor)', cell: ({ scene }) => scene.sensor },
      { head: '波段', right: true, cell: ({ scene }) => String(scene.bands.length) },
      { head: '像元 m', right: true, cell: ({ scene }) => metres(scene.gsdM) },
      { head: '有效 (valid)', right: true, cell: ({ scene }) => percent(scene.validShare) },
      { head: '掩膜', right: true, cell: ({ scene }) => String(scene.masks.length) },
      { head: '状态', cell: ({ state }) => STATES[state] },
      { head: '文件 (file)', cell: ({ scene }) => basename(scene.path) },
    ]),
  );
}

async function remove(ids: readonly string[], context: CommandContext): Promise<void> {
  const { database } = await context.workspace();
  const { session } = context;
  const scenes = createSceneRegister(database);
  for (const id of ids) {
    if (await scenes.remove(id)) session.out(`已移除 (removed)  ${id}\n`);
    else {
      session.err(`没有编号为 ${id} 的影像；用 tuban scene list 查看 (no image of that id)\n`);
      session.status = 2;
    }
  }
}
