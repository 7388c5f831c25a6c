/** `--mask [before:|after:][scl:|qa_pixel:|fmask:]FILE`: which pixels of which date a sensor's mask layer takes out. */
import { Fault } from './fault.js';
import type { MaskCode, MaskUse } from './raster.js';

const DATE = /^(before|after):/i;
const CODE = /^(scl|qa_pixel|fmask):/i;
const VECTOR = /\.(geojson|json|gpkg|shp|kml|kmz|gml|fgb|tab|mif|gdb|dxf|geojsonl|parquet)$/i;

/**
 * Without a code the file's ending decides: endings of vector formats are polygons of what is not seen, anything else is a
 * raster whose non-zero pixels are not seen. The path is as typed; the caller resolves it.
 * Faults: mask.form (no file named).
 */
export function parseMask(text: string): MaskUse {
  const dated = DATE.exec(text);
  const afterDate = dated ? text.slice(dated[0].length) : text;
  const coded = CODE.exec(afterDate);
  const path = coded ? afterDate.slice(coded[0].length) : afterDate;
  if (path.trim() === '') {
    throw new Fault(
      'mask.form',
      `--mask 应写作 [before:|after:][scl:|qa_pixel:|fmask:]文件，得到的是“${text}” (no file named)`,
    );
  }
  const date = (dated?.[1]?.toLowerCase() ?? 'both') as MaskUse['date'];
  const code = (coded?.[1]?.toLowerCase() ?? (VECTOR.test(path) ? 'vector' : 'nonzero')) as MaskCode;
  return { date, code, path };
}

/** A mask of a scene: it belongs to that scene's date, so naming one is a mistake. Faults: mask.form, mask.date. */
export function parseSceneMask(text: string): Omit<MaskUse, 'date'> {
  const { date, code, path } = parseMask(text);
  if (date !== 'both') {
    throw new Fault(
      'mask.date',
      `scene add 的 --mask 属于该影像本身，不要写“${date}:” (a scene's mask belongs to that scene: no before:/after:)`,
    );
  }
  return { code, path };
}
