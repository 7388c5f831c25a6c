/** windowBytes: how many bytes of a TIFF's full-resolution image have to be read for a window, from its directory; no pixel is read. */
import { stat } from 'node:fs/promises';
import { fromFile } from 'geotiff';
import type { Window } from '../../model/grid.js';

export interface WindowBytes {
  readonly bytes: number;
  /** False: the format does not say (no TIFF); the share of the file's size is given. */
  readonly exact: boolean;
}

/** `size`: pixels of the whole raster. Sparse tiles count nothing. */
export async function windowBytes(
  path: string,
  size: { readonly width: number; readonly height: number },
  window: Window,
): Promise<WindowBytes> {
  const tiff = await fromFile(path).catch(() => null);
  if (!tiff) return bySize(path, size, window);
  try {
    const image = await tiff.getImage(0);
    const directory = image.fileDirectory;
    const tiled = directory.hasTag('TileByteCounts');
    const counts = await directory.loadValue(tiled ? 'TileByteCounts' : 'StripByteCounts');
    if (!counts) return await bySize(path, size, window);
    const [tileWidth, tileHeight] = [image.getTileWidth(), image.getTileHeight()];
    const across = Math.ceil(image.getWidth() / tileWidth);
    const down = Math.ceil(image.getHeight() / tileHeight);
    let bytes = 0;
    // Planar files have one set of tiles per band, one after the other.
    for (let plane = 0; plane * across * down < counts.length; plane++) {
      for (let j = Math.floor(window.row / tileHeight); j * tileHeight < window.row + window.height; j++) {
        for (let i = Math.floor(window.col / tileWidth); i * tileWidth < window.col + window.width; i++) {
          if (i < across && j < down) bytes += Number(counts[(plane * down + j) * across + i] ?? 0);
        }
      }
    }
    return { bytes, exact: true };
  } catch {
    return bySize(path, size, window);
  } finally {
    await tiff.close();
  }
}

async function bySize(path: string, size: { width: number; height: number }, window: Window): Promise<WindowBytes> {
  const { size: fileBytes } = await stat(path).catch(() => ({ size: 0 }));
  const share = (window.width * window.height) / (size.width * size.height);
  return { bytes: Math.round(fileBytes * share), exact: false };
}
