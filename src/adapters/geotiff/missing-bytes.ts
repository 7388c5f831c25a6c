/** missingBytes: whether a TIFF's own directory points beyond the end of the file (a copy or download that broke off). */
import { stat } from 'node:fs/promises';
import { fromFile } from 'geotiff';
import type { MissingBytes } from '../../ports/tiff-check.js';

/** Null: nothing missing, or not a TIFF whose directory can be read. Tiles with zero bytes are sparse, not missing. */
export async function missingBytes(path: string): Promise<MissingBytes | null> {
  const fileBytes = (await stat(path)).size;
  const tiff = await fromFile(path).catch(() => null);
  if (!tiff) return null;
  let neededBytes = 0;
  let missing = 0;
  let total = 0;
  try {
    const images = await tiff.getImageCount();
    for (let i = 0; i < images; i++) {
      const directory = (await tiff.getImage(i)).fileDirectory;
      const tiled = directory.hasTag('TileOffsets');
      const offsets = await directory.loadValue(tiled ? 'TileOffsets' : 'StripOffsets');
      const counts = await directory.loadValue(tiled ? 'TileByteCounts' : 'StripByteCounts');
      if (!offsets || !counts) continue;
      for (let k = 0; k < offsets.length; k++) {
        const bytes = Number(counts[k] ?? 0);
        if (bytes === 0) continue;
        total++;
        const end = Number(offsets[k] ?? 0) + bytes;
        if (end > fileBytes) missing++;
        neededBytes = Math.max(neededBytes, end);
      }
    }
  } catch {
    // a directory that itself is cut off: opening the file with GDAL says so
    return null;
  } finally {
    await tiff.close();
  }
  return missing > 0 ? { fileBytes, neededBytes, missing, total } : null;
}
