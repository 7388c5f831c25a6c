/**
 * overview: an overview of a file as a raster of its own: a virtual dataset that names the file's overview, on the file's own grid with
 * pixels that many times as large. Where the file's size is no multiple of the factor the last pixels lie up to one pixel off, as GDAL
 * stretches the last row and column.
 */
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';

let count = 0;

/** Faults: raster.overview (no such overview). */
export function overviewOf(dataset: gdal.Dataset, path: string, factor: number): gdal.Dataset {
  const level = overviewFactors(dataset).indexOf(factor);
  if (level < 0) {
    throw new Fault('raster.overview', `${path} 没有缩小 ${factor} 倍的金字塔层 (no overview reduced by ${factor})`, {
      blame: 'system',
    });
  }
  const bands = dataset.bands.map((band) => band);
  const { x: width, y: height } = dataset.bands.get(1).overviews.get(level).size;
  const [x0 = 0, xc = 1, xr = 0, y0 = 0, yc = 0, yr = 1] = dataset.geoTransform ?? [];
  const transform = [x0, xc * factor, xr * factor, y0, yc * factor, yr * factor];
  const wkt = dataset.srs?.toWKT();
  const rectangle = `xOff="0" yOff="0" xSize="${width}" ySize="${height}"`;
  const described = bands.map((band, i) => {
    const tile = band.overviews.get(level).blockSize;
    return `<VRTRasterBand dataType="${band.dataType}" band="${i + 1}" blockXSize="${tile.x}" blockYSize="${tile.y}">
${band.noDataValue === null ? '' : `<NoDataValue>${Number.isNaN(band.noDataValue) ? 'nan' : band.noDataValue}</NoDataValue>`}
<SimpleSource><SourceFilename relativeToVRT="0">${escaped(path)}</SourceFilename>
<OpenOptions><OOI key="OVERVIEW_LEVEL">${level}</OOI></OpenOptions>
<SourceBand>${i + 1}</SourceBand><SrcRect ${rectangle}/><DstRect ${rectangle}/></SimpleSource></VRTRasterBand>`;
  });
  const text = `<VRTDataset rasterXSize="${width}" rasterYSize="${height}">
${wkt ? `<SRS dataAxisToSRSAxisMapping="1,2">${escaped(wkt)}</SRS>\n<GeoTransform>${transform.join(', ')}</GeoTransform>` : ''}
${described.join('\n')}
</VRTDataset>`;
  count += 1;
  const name = `/vsimem/overview-${count}.vrt`;
  gdal.vsimem.set(Buffer.from(text), name);
  return gdal.open(name);
}

/** Whole factors of the overviews of the first band, in the file's order; 0 for one that is no whole factor. */
export function overviewFactors(dataset: gdal.Dataset): number[] {
  const first = dataset.bands.get(1);
  const { x, y } = dataset.rasterSize;
  return first.overviews.map(({ size }) => {
    const factor = Math.round(x / size.x);
    const fits = Math.ceil(x / factor) === size.x && Math.ceil(y / factor) === size.y;
    const cut = Math.floor(x / factor) === size.x && Math.floor(y / factor) === size.y;
    return fits || cut ? factor : 0;
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
