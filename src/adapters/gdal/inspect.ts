/**
 * inspect: open any raster that GDAL reads and say what it is. Everything that can be known to be wrong without decoding a
 * pixel is found here, with words that say what was found, what was expected and what to do.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import type { GeoTransform } from '../../model/grid.js';
import type { BandInfo, PixelType, RasterInfo } from '../../model/raster.js';
import type { MissingBytes, TiffCheck } from '../../ports/tiff-check.js';
import { hasOwnMask } from './band-window.js';
import { overviewFactors } from './overview.js';

const TYPES: Readonly<Record<string, PixelType>> = {
  Byte: 'uint8',
  Int8: 'int8',
  UInt16: 'uint16',
  Int16: 'int16',
  UInt32: 'uint32',
  Int32: 'int32',
  Float32: 'float32',
  Float64: 'float64',
};

/** Faults: scene.missing, scene.folder, scene.denied, scene.empty, scene.unreadable, scene.truncated, scene.no-bands, scene.type, scene.grid. */
export async function inspect({ path }: { path: string }, tiffCheck: TiffCheck): Promise<RasterInfo> {
  const local = !path.startsWith('/vsi');
  if (local) await checkFile(path);
  const dataset = await opened(path, local);
  try {
    if (local && dataset.driver.description === 'GTiff') checkWhole(path, await tiffCheck(path));
    return described(dataset, path);
  } finally {
    dataset.close();
  }
}

async function checkFile(path: string): Promise<void> {
  const name = basename(path);
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES' || error.code === 'EPERM') throw denied(name);
    throw new Fault('scene.missing', `找不到文件：${path}。请检查路径 (no such file)`);
  });
  if (facts.isFile()) {
    if (facts.size === 0) {
      throw new Fault('scene.empty', `${name} 是空文件（0 字节），请重新拷贝或下载 (the file has zero bytes)`);
    }
    const handle = await open(path, 'r').catch(() => {
      throw denied(name);
    });
    await handle.close();
  }
}

function denied(name: string): Fault {
  return new Fault('scene.denied', `没有读取 ${name} 的权限 (no permission to read the file)`);
}

async function opened(path: string, local: boolean): Promise<gdal.Dataset> {
  try {
    return await gdal.openAsync(path);
  } catch (cause) {
    if (!local) throw unreadable(path, '', cause);
    if ((await stat(path)).isDirectory()) {
      throw new Fault(
        'scene.folder',
        `${path} 是文件夹，不是影像；请给出其中的影像文件 (a folder, not an image: name the image file in it)`,
      );
    }
    const head = await firstBytes(path);
    if (isTiff(head)) {
      throw new Fault(
        'scene.truncated',
        `${basename(path)} 有 TIFF 文件头，但目录缺失或损坏，多半是拷贝或下载中断；请重新取得文件 ` +
          '(a TIFF whose directory is missing or damaged: copy or download it again)',
        { cause, details: { gdal: reason(cause) } },
      );
    }
    throw unreadable(path, guess(head), cause);
  }
}

function unreadable(path: string, found: string, cause: unknown): Fault {
  return new Fault(
    'scene.unreadable',
    `${basename(path)} 不是可读的影像${found}；需要 GeoTIFF、COG、JPEG2000、ERDAS .img 等栅格文件 ` +
      '(not a raster that can be read; expected GeoTIFF, COG, JP2, ERDAS .img …)',
    { cause, details: { gdal: reason(cause) } },
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function firstBytes(path: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle?.close();
  }
}

/** Classic TIFF and BigTIFF, either byte order. */
function isTiff(head: Buffer): boolean {
  return ['49492a00', '4d4d002a', '49492b00', '4d4d002b'].includes(head.subarray(0, 4).toString('hex'));
}

/** What a file that is no raster looks like, for the message. */
function guess(head: Buffer): string {
  const text = head.toString('utf8');
  if (/^\s*<(!doctype|html)/i.test(text)) return '，内容是网页（下载可能被登录页代替）(it holds a web page)';
  if (head.subarray(0, 2).toString('latin1') === 'PK') return '，内容是 ZIP 压缩包，请先解压 (it is a ZIP: unpack it)';
  if (head.subarray(0, 2).toString('hex') === '1f8b') return '，内容是 gzip 压缩包，请先解压 (it is gzip: unpack it)';
  // text in any encoding has no control characters but tabs and line ends
  if (head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13))) return '，内容是文本 (it holds text)';
  return '';
}

function checkWhole(path: string, lack: MissingBytes | null): void {
  if (!lack) return;
  throw new Fault(
    'scene.truncated',
    `${basename(path)} 不完整：文件 ${lack.fileBytes} 字节，按目录至少应有 ${lack.neededBytes} 字节，` +
      `${lack.total} 个数据块中缺 ${lack.missing} 个；请重新拷贝或下载 ` +
      `(truncated: ${lack.missing} of ${lack.total} tiles lie beyond the end of the file)`,
    { details: { ...lack } },
  );
}

function described(dataset: gdal.Dataset, path: string): RasterInfo {
  const name = basename(path);
  const count = dataset.bands.count();
  const first = count > 0 ? dataset.bands.get(1) : null;
  if (!first || dataset.rasterSize === null) {
    const inside = Object.entries(dataset.getMetadata('SUBDATASETS') as Record<string, string>)
      .filter(([key]) => key.endsWith('_NAME'))
      .map(([, value]) => value);
    const advice =
      inside.length > 0
        ? `文件内有多个影像，请指定其一：${inside.join('；')} (it holds several images: name one of them)`
        : dataset.layers.count() > 0
          ? '这是矢量文件，应使用 tuban layer import (a vector file: use tuban layer import)'
          : '请检查文件 (check the file)';
    throw new Fault('scene.no-bands', `${name} 没有影像波段；${advice}`);
  }
  const metadata = allMetadata(dataset);
  const bands = dataset.bands.map((band, index) => bandInfo(band, index, name));
  const { width, height } = { width: dataset.rasterSize.x, height: dataset.rasterSize.y };
  const where = georeference(dataset, metadata, name);
  const parts = partsOf(dataset, path);
  return {
    path,
    driver: dataset.driver.description,
    grid: { crs: where.crs, transform: where.transform, width, height },
    bands,
    tile: { width: first.blockSize.x, height: first.blockSize.y },
    overviews: hasOwnMask(first) ? [] : overviewFactors(dataset).filter((factor) => factor > 0),
    metadata,
    ...(parts.length > 0 ? { parts } : {}),
    ...(where.lack ? { ungeoreferenced: where.lack } : {}),
  };
}

/** Files that hold pixels besides the one that was named; side files of statistics, overviews and placement do not count. */
function partsOf(dataset: gdal.Dataset, path: string): string[] {
  const others = dataset.getFileList().filter((file) => file !== path);
  const wanted = dataset.driver.description === 'VRT' ? /(?<!\.aux\.xml|\.ovr)$/i : /\.(ige|msk)$/i;
  return others.filter((file) => wanted.test(file)).sort();
}

function bandInfo(band: gdal.RasterBand, index: number, name: string): BandInfo {
  const type = TYPES[band.dataType ?? ''];
  if (!type) {
    throw new Fault(
      'scene.type',
      `${name} 第 ${index} 波段的像元类型是 ${band.dataType ?? '未知'}，需要 8/16/32 位整数或浮点数` +
        `${band.dataType?.startsWith('C') ? '；复数雷达数据请先转换为强度影像' : ''} ` +
        `(pixel type ${band.dataType ?? 'unknown'} of band ${index}; expected integers or floats, radar as intensity)`,
    );
  }
  const colour = band.colorInterpretation ?? 'Undefined';
  return { index, type, description: band.description, noData: band.noDataValue, colour };
}

/** The default domain, and IMAGERY (acquisition facts that GDAL reads from the side files of satellite products). */
function allMetadata(dataset: gdal.Dataset): Record<string, string> {
  const all: Record<string, string> = {};
  for (const domain of ['IMAGERY', undefined]) {
    for (const [key, value] of Object.entries((dataset.getMetadata(domain) ?? {}) as Record<string, unknown>)) {
      all[key] = String(value);
    }
  }
  return all;
}

const IDENTITY: GeoTransform = [0, 1, 0, 0, 0, 1];

function georeference(
  dataset: gdal.Dataset,
  metadata: Readonly<Record<string, string>>,
  name: string,
): { crs: string; transform: GeoTransform; lack?: NonNullable<RasterInfo['ungeoreferenced']> } {
  const [a, b, c, d, e, f] = dataset.geoTransform ?? IDENTITY;
  const transform = [a ?? 0, b ?? 1, c ?? 0, d ?? 0, e ?? 0, f ?? 1] as const;
  // without a place on the ground pixels count to the right and down
  const pixels = { crs: '', transform: IDENTITY };
  const placed = dataset.geoTransform !== null && transform.some((value, i) => value !== IDENTITY[i]);
  if (!placed) {
    if ((dataset.getGCPs() ?? []).length > 0) return { ...pixels, lack: 'gcps' };
    const rpc = (dataset.getMetadata('RPC') ?? {}) as Record<string, unknown>;
    if (Object.keys(rpc).length > 0 || metadata.METADATATYPE === 'RPC') return { ...pixels, lack: 'rpc' };
    return { ...pixels, lack: dataset.srs ? 'no-grid' : 'none' };
  }
  if (!transform.every(Number.isFinite) || transform[1] * transform[5] - transform[2] * transform[4] === 0) {
    throw new Fault(
      'scene.grid',
      `${name} 的地理参考无效：像元大小或旋转参数为 ${transform.join(', ')} (the geotransform is degenerate)`,
    );
  }
  if (!dataset.srs) return { ...pixels, lack: 'no-crs' };
  if (!dataset.srs.isGeographic() && !dataset.srs.isProjected()) return { ...pixels, lack: 'local' };
  return { crs: dataset.srs.toWKT(), transform };
}
