/** tuban tasks report: a pit that somebody saw and the list lacks comes to the list; and what reports say of what was missed. */
import type { Command } from 'commander';
import { createDesk } from '../adapters/postgres/desk.js';
import { pitOutcomes } from '../adapters/postgres/reported-pits.js';
import { Fault } from '../model/fault.js';
import type { MultiPolygonRings, PolygonRings } from '../model/grid.js';
import type { PitMisses } from '../model/pit-misses.js';
import { parseQuarter } from '../model/quarter.js';
import type { Quarter } from '../model/scene.js';
import type { Sql } from '../ports/database.js';
import type { PitPlace } from '../ports/missed-pits.js';
import { createMissedPits } from '../queue-pits.js';
import { missesByLists } from '../stages/sample/two-lists.js';
import { actorOf } from './as-person.js';
import type { CommandContext } from './command.js';
import { jsonOf } from './tasks-steps.js';

interface Options {
  readonly quarter: string;
  readonly note: string;
  readonly outline?: string;
  readonly point?: string;
  readonly seenOn?: string;
  readonly json?: boolean;
}

export function registerReport(tasks: Command, context: CommandContext): void {
  tasks
    .command('report')
    .description('上报清单上没有的疑似采坑：立为任务 (report a suspected pit that the list lacks)')
    .requiredOption('--quarter <QUARTER>', '季度，如 2026Q3 (quarter)')
    .requiredOption('--note <TEXT>', '所见情况，列入任务；请勿写上报人 (what was seen; stands on the task)')
    .option('--outline <FILE>', '范围，GeoJSON，经纬度，一个多边形 (outline, one polygon)')
    .option('--point <LON,LAT[,AREA]>', '位置与约略面积 m² (point and about how large)')
    .option('--seen-on <DATE>', '所见日期，缺省今天 (day it was seen, default today)')
    .option('--json', '输出 JSON (print JSON)')
    .action((options: Options) => report(options, context));
}

async function report(options: Options, context: CommandContext): Promise<void> {
  const actor = await actorOf(context);
  const workspace = await context.workspace();
  const { session } = context;
  const pits = createMissedPits(createDesk(workspace.database), workspace);
  const { task, added } = await pits.report(actor, {
    quarter: parseQuarter(options.quarter),
    place: await placeOf(options, context),
    note: options.note,
    ...(options.seenOn === undefined ? {} : { seenOn: options.seenOn }),
  });
  if (options.json) session.out(`${JSON.stringify({ taskId: task.id, rank: task.rank, added })}\n`);
  else if (added) session.out(`已立为任务 ${task.id}，${task.quarter} 排名 ${task.rank} (on the list)\n`);
  else session.out(`该处已上报过，任务 ${task.id} (it was reported before)\n`);
}

async function placeOf({ outline, point }: Options, context: CommandContext): Promise<PitPlace> {
  if ((outline === undefined) === (point === undefined)) {
    throw new Fault('pit.outline', '请给出 --outline 或 --point 之一 (give one of --outline and --point)');
  }
  if (point !== undefined) return pointOf(point);
  return { outline: outlineOf(await jsonOf(outline ?? '', context)) };
}

function pointOf(text: string): PitPlace {
  const [lon, lat, areaM2, ...more] = text
    .split(/[,，]/)
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const numbers = [lon, lat, areaM2 ?? 0];
  if (lon === undefined || lat === undefined || more.length > 0 || !numbers.every(Number.isFinite)) {
    throw new Fault('pit.outline', `位置应写作 经度,纬度[,面积]，得到的是“${text}” (expected LON,LAT[,AREA])`);
  }
  return { lon, lat, ...(areaM2 === undefined ? {} : { areaM2 }) };
}

/** A geometry, a feature, or a collection of one feature; its numbers are looked at by whoever takes the report. */
function outlineOf(given: unknown): MultiPolygonRings {
  const refused = new Fault(
    'pit.outline',
    '文件应为 GeoJSON，含一个 Polygon (expected GeoJSON with one Polygon, lon/lat)',
  );
  let found = given;
  const field = (value: unknown, name: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (field(found, 'type') === 'FeatureCollection') {
    const features = field(found, 'features');
    found = Array.isArray(features) && features.length === 1 ? features[0] : null;
  }
  if (field(found, 'type') === 'Feature') found = field(found, 'geometry');
  const [type, coordinates] = [field(found, 'type'), field(found, 'coordinates')];
  if (type === 'Polygon' && isPolygon(coordinates)) return [coordinates];
  if (type === 'MultiPolygon' && Array.isArray(coordinates) && coordinates.every(isPolygon)) return coordinates;
  throw refused;
}

function isPolygon(value: unknown): value is PolygonRings {
  return (
    Array.isArray(value) &&
    value.every(
      (ring) =>
        Array.isArray(ring) && ring.every((one) => Array.isArray(one) && one.every((n) => typeof n === 'number')),
    )
  );
}

export async function reportedMisses(sql: Sql, quarter: Quarter): Promise<PitMisses> {
  return missesByLists(await pitOutcomes(sql, quarter), quarter);
}

export function pitText({ counts, misses, why }: PitMisses): string {
  const { reported, answered, confirmed, inQuarter, common, detected } = counts;
  if (reported === 0) return '没有人工上报 (nobody reported a pit)\n';
  const lines = [
    `人工上报 ${reported} 处，已核查 ${answered} 处，属实 ${confirmed} 处，其中当季所见 ${inQuarter} 处；检测发现并属实 ${detected} 处，两者共有 ${common} 处 (reported, answered, confirmed, seen in the quarter; detected; in both)\n`,
  ];
  if (misses) {
    lines.push(
      `按两份清单估计检测漏查 ${misses.missed.toFixed(1)} 处，95% 置信区间 ${misses.low}–${misses.high} 处；以上报不受清单影响为前提，否则偏高 (capture–recapture; too high where people leave out what they know is listed)\n`,
    );
  } else lines.push(`按两份清单：${why} (two lists: nothing can be said)\n`);
  return lines.join('');
}
