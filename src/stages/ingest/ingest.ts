/**
 * ingest: an image file becomes a scene of the register, or a refusal that says what to do.
 * Checks before anything is read at length: it has a place (coordinate system and grid; one whose link to CGCS2000 is public),
 * bands with roles, a date. The id comes from contents, not from names: the same image under another name is the same scene.
 * In:  what inspecting said, the user's wishes, contents' hashes, the outline of valid pixels.
 * Out: a Scene.
 */
import { acquisitionDate, parseDay } from '../../model/acquired.js';
import { Fault } from '../../model/fault.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { contentHash } from '../../model/id.js';
import { quarterOf } from '../../model/quarter.js';
import type { MaskUse, RasterInfo } from '../../model/raster.js';
import type { Scene, SceneFile } from '../../model/scene.js';
import { type BandReading, useBands } from '../../model/sensor.js';

/** What the user said of the files of one call. */
export interface IngestWish {
  readonly acquired?: string | undefined;
  readonly sensor?: string | undefined;
  readonly bands?: string | undefined;
  /** Paths absolute. */
  readonly masks: readonly Omit<MaskUse, 'date'>[];
}

/** All that is known before the pixels are read. */
export interface Candidate {
  readonly info: RasterInfo;
  readonly reading: BandReading;
  readonly acquiredOn: string;
  readonly masks: readonly Omit<MaskUse, 'date'>[];
  readonly notes: readonly string[];
}

const WITHOUT_PLACE: Readonly<Record<NonNullable<RasterInfo['ungeoreferenced']>, string>> = {
  none: '没有坐标系和地理参考；请先配准，或用 gdal_translate -a_srs EPSG:… -a_ullr … 写入 (no coordinate system, no grid: georeference it first)',
  'no-crs':
    '有像元位置但没有坐标系；请确认后写入，例如 gdal_edit.py -a_srs EPSG:4528 文件 (it has a grid but no coordinate system: set the right one)',
  'no-grid':
    '有坐标系但没有像元位置（缺少仿射参数或坐标文件 .tfw）；请找回坐标文件或重新配准 (a coordinate system but no geotransform: find its world file)',
  gcps: '只有控制点，未做几何纠正；请先用 gdalwarp 纠正 (ground control points only: rectify it with gdalwarp first)',
  rpc: '是未经正射的原始影像（只有 RPC 参数）；请先做正射纠正，例如 gdalwarp -rpc -to RPC_DEM=高程文件 (raw image with RPC only: orthorectify it first)',
  local:
    '使用的是地方或工程坐标系，与国家坐标系的关系未知；请先转换到 CGCS2000 (a local coordinate system: convert it to CGCS2000 first)',
};

/** Datums whose parameters to CGCS2000 are classified: GDAL would place them up to about a hundred metres off. */
const CLASSIFIED_DATUM = /"(Xian_1980|Xian 1980|Beijing_1954|Beijing 1954|New_Beijing|New Beijing)"/i;

/** Faults: scene.no-crs, scene.datum. */
export function checkPlace(info: RasterInfo): void {
  const name = fileName(info.path);
  if (info.grid.crs === '') {
    throw new Fault('scene.no-crs', `${name} ${WITHOUT_PLACE[info.ungeoreferenced ?? 'none']}`);
  }
  const datum = CLASSIFIED_DATUM.exec(info.grid.crs)?.[1];
  if (datum) {
    const zh = /xian/i.test(datum) ? '西安80' : '北京54';
    throw new Fault(
      'scene.datum',
      `${name} 使用${zh}坐标系；它到 CGCS2000 的转换参数不公开，直接使用会偏移数十米以上。请用测绘部门的参数转换到 CGCS2000 后再登记 ` +
        `(${datum}: no public parameters to CGCS2000; convert it officially first)`,
    );
  }
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function dated(info: RasterInfo, wish: IngestWish): { date: string; notes: string[] } {
  if (wish.acquired !== undefined) {
    const day = parseDay(wish.acquired);
    if (!day) {
      throw new Fault(
        'scene.date-form',
        `--acquired 应写作 2026-08-15 这样的日期，得到的是“${wish.acquired}” (expected a date like 2026-08-15)`,
      );
    }
    return { date: day, notes: [] };
  }
  const name = fileName(info.path);
  const found = acquisitionDate(info, info.path);
  if (found.date === null) {
    throw new Fault(
      'scene.no-date',
      `${name} 的成像日期未知：${found.source}；请用 --acquired YYYY-MM-DD 给出 (date unknown: give it with --acquired)`,
    );
  }
  return { date: found.date, notes: [`成像日期 ${found.date}，来自${found.source}`] };
}

/** Faults: scene.no-date, scene.date-form, and those of useBands. */
export function candidate(info: RasterInfo, wish: IngestWish): Candidate {
  const reading = useBands(info, wish);
  const { date, notes } = dated(info, wish);
  return { info, reading, acquiredOn: date, masks: wish.masks, notes: [...notes, ...reading.assumptions] };
}

/** What the user says this time that is not what the scene is registered with; what is not said is not compared. */
export function differences(known: Scene, info: RasterInfo, wish: IngestWish, maskHashes: readonly string[]): string[] {
  const differs: string[] = [];
  if (wish.acquired !== undefined) {
    const { date } = dated(info, wish);
    if (date !== known.acquiredOn) differs.push(`日期 ${known.acquiredOn}，现为 ${date} (date)`);
  }
  if (wish.sensor !== undefined || wish.bands !== undefined) {
    const { sensor, bands } = useBands(info, wish);
    const text = (name: string, uses: Scene['bands']): string => `${name}：${uses.map((b) => b.role).join(',')}`;
    const [then, now] = [text(known.sensor, known.bands), text(sensor, bands)];
    if (then !== now) differs.push(`波段 ${then}，现为 ${now} (bands)`);
  }
  if (wish.masks.length > 0) {
    const hashes = (known.files ?? []).slice(-known.masks.length || Number.POSITIVE_INFINITY).map((f) => f.sha256);
    const coded = (masks: IngestWish['masks'], of: readonly string[]): string =>
      masks.map((mask, i) => `${mask.code}:${of[i]}`).join();
    if (coded(known.masks, hashes) !== coded(wish.masks, maskHashes)) differs.push('掩膜 (masks)');
  }
  return differs;
}

/** `files`: the image, its further parts, then the masks, in the order of the candidate's. */
export function sceneId({ reading, masks }: Candidate, files: readonly SceneFile[]): string {
  const contents = files.map((file) => file.sha256);
  const codes = masks.map((mask) => mask.code);
  return `S${contentHash({ contents, codes, bands: reading.bands })}`;
}

export function makeScene(
  from: Candidate,
  files: readonly SceneFile[],
  outline: { footprint: MultiPolygonRings; validShare: number; gsdM: number },
): Scene {
  const { info, reading, acquiredOn, masks, notes } = from;
  return {
    id: sceneId(from, files),
    sha256: files[0]?.sha256 ?? '',
    path: info.path,
    acquiredOn,
    quarter: quarterOf(acquiredOn),
    sensor: reading.sensor,
    grid: info.grid,
    gsdM: outline.gsdM,
    bands: reading.bands,
    masks,
    footprint: outline.footprint,
    validShare: outline.validShare,
    info,
    files,
    notes,
  };
}
