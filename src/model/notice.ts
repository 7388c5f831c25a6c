/** The notice that an image's licence asks to be kept with pictures made from it. */
import type { RasterUse } from './raster.js';

export function noticeOf(images: readonly Pick<RasterUse, 'sensor' | 'acquiredOn'>[]): string {
  const yearsOf = (family: string) => {
    const years = images
      .filter(({ sensor }) => sensor.startsWith(family))
      .map(({ acquiredOn }) => acquiredOn?.slice(0, 4) ?? '');
    return [...new Set(years)].sort();
  };
  const sentinel = yearsOf('sentinel');
  const landsat = yearsOf('landsat');
  return [
    sentinel.length > 0
      ? `Contains modified Copernicus Sentinel data ${sentinel.filter(Boolean).join(', ')}`.trim()
      : '',
    landsat.length > 0 ? 'Landsat imagery courtesy of the U.S. Geological Survey' : '',
  ]
    .filter((line) => line !== '')
    .join('；');
}
