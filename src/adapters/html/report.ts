/**
 * report: a comparison as one offline HTML file: overview, table, and a swipe picture per patch, pictures embedded.
 * Pictures come from the raster children, so a broken image costs the report and not the program.
 */
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { boxOf } from '../../geo/distance.js';
import { boxesMeet, squareBoxAround } from '../../geo/map-frame.js';
import type { Boundary } from '../../model/boundary.js';
import { Fault } from '../../model/fault.js';
import type { Box } from '../../model/grid.js';
import type { JudgedPatch } from '../../model/patch.js';
import type { PairUse } from '../../model/raster.js';
import { BOUNDARY_WORDS } from '../../model/words.js';
import type { EncodeImage } from '../../ports/image-encoder.js';
import type { WorkPool } from '../../ports/work-pool.js';
import { type Figure, figureHtml } from './figure.js';
import { type ReportFact, reportPage } from './page.js';

export type ReportBoundary = Pick<Boundary, 'id' | 'kind' | 'number' | 'name' | 'geometry'>;

/** A compared pair of images and where it lies. */
export interface ReportPair {
  /** As in `Patch.pairs`. */
  readonly id: string;
  readonly pair: PairUse;
  readonly shiftPx: readonly [x: number, y: number];
  /** lon/lat of the ground that both dates show. */
  readonly box: Box;
}

export interface ReportContent {
  readonly path: string;
  readonly title: string;
  readonly pairs: readonly ReportPair[];
  /** Best first: the order is the rank. */
  readonly judged: readonly JudgedPatch[];
  readonly boundaries: readonly ReportBoundary[];
  readonly facts: readonly ReportFact[];
  readonly remarks: readonly string[];
  readonly provenance: readonly ReportFact[];
  /** Notice that the imagery's licence asks for; '' = none. */
  readonly notice: string;
}

const OVERVIEW_PX = 1400;
const PATCH_PX = 520;
/** About 120 kB of pictures each: the file stays one that can be sent by mail. */
const MOST_PICTURES = 40;
const MOST_OVERVIEWS = 8;

export async function writeReport(content: ReportContent, pool: WorkPool, encode: EncodeImage): Promise<void> {
  const page = await reportHtml(content, pool, encode);
  const partial = `${content.path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await writeFile(partial, page, 'utf8');
    await rename(partial, content.path);
  } catch (cause) {
    await rm(partial, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(
      'report.write',
      `无法写入 ${content.path}：${why}。请检查文件夹与磁盘空间 (cannot write the report)`,
      {
        blame: 'system',
        cause,
      },
    );
  }
}

export async function reportHtml(content: ReportContent, pool: WorkPool, encode: EncodeImage): Promise<string> {
  const names = new Map(content.boundaries.map((boundary) => [boundary.id, boundaryName(boundary)]));
  const ranked = content.judged.map(({ patch }, i) => ({
    rank: i + 1,
    geometry: patch.geometry,
    lon: patch.lon,
    lat: patch.lat,
    pairs: patch.pairs,
  }));
  const overviews = await Promise.all(
    content.pairs.slice(0, MOST_OVERVIEWS).map((one) =>
      figureOf(one, one.box, OVERVIEW_PX, {
        patches: ranked.filter((patch) => content.pairs.length === 1 || patch.pairs.includes(one.id)),
        numbered: true,
        description: '总览 overview',
      }),
    ),
  );
  const pictures = await Promise.all(
    ranked.slice(0, MOST_PICTURES).map((patch) => {
      const one = content.pairs.find(({ id }) => patch.pairs.includes(id)) ?? content.pairs[0];
      if (!one) return null;
      return figureOf(one, squareBoxAround(patch.geometry), PATCH_PX, {
        patches: [patch],
        numbered: false,
        description: `图斑 ${patch.rank}`,
      });
    }),
  );
  return reportPage({
    title: content.title,
    facts: content.facts,
    remarks: content.remarks,
    judged: content.judged,
    overviews,
    pictures,
    boundaryNames: names,
    kinds: [...new Set(content.boundaries.map(({ kind }) => kind))],
    provenance: content.provenance,
    notice: content.notice,
  });

  async function figureOf(
    { pair, shiftPx }: ReportPair,
    box: Box,
    maxPx: number,
    rest: Pick<Figure, 'patches' | 'numbered' | 'description'>,
  ): Promise<string> {
    const picture = await pool.run('picture', { pair, box, maxPx, shiftPx });
    const { width, height } = picture;
    const [beforeJpeg, afterJpeg] = await Promise.all([
      encode({ width, height, rgb: picture.before }),
      encode({ width, height, rgb: picture.after }),
    ]);
    return figureHtml({
      ...rest,
      frame: picture,
      beforeJpeg,
      afterJpeg,
      dateBefore: pair.before.acquiredOn,
      dateAfter: pair.after.acquiredOn,
      lines: linesIn(content.boundaries, box, names),
    });
  }
}

function linesIn(boundaries: readonly ReportBoundary[], box: Box, names: ReadonlyMap<string, string>) {
  return boundaries
    .filter(({ geometry }) => boxesMeet(boxOf(geometry), box))
    .map(({ id, kind, geometry }) => ({
      kind,
      geometry,
      label: `${BOUNDARY_WORDS[kind].zh} ${names.get(id) ?? ''}`,
    }));
}

function boundaryName({ number, name, id }: ReportBoundary): string {
  return [name, number].filter((part) => part !== null && part !== '').join(' ') || id;
}
