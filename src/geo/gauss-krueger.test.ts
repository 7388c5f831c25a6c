import proj4 from 'proj4';
import { describe, expect, it } from 'vitest';
import { fromGaussKrueger, toGaussKrueger } from './gauss-krueger.js';

const converter = proj4(
  '+proj=longlat +ellps=GRS80 +no_defs',
  '+proj=etmerc +lat_0=0 +lon_0=117 +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs',
);
const places = [-80, -36.2, -3, 0, 18, 36.2, 53.5, 80].flatMap((lat) =>
  [-4, -1.5, -0.3, 0, 0.001, 1, 3].map((lon): [number, number] => [lon, lat]),
);

describe('Gauss–Krüger', () => {
  it.each(places)(
    'agrees with proj4 to a micrometre and comes back to two, %d° from the meridian at %d°',
    (lon, lat) => {
      const [x, y] = toGaussKrueger(lon, lat);
      const [theirX, theirY] = converter.forward([117 + lon, lat]) as [number, number];
      expect(Math.abs(x - theirX)).toBeLessThan(1e-6);
      expect(Math.abs(y - theirY)).toBeLessThan(1e-6);
      const [backLon, backLat] = fromGaussKrueger(x, y);
      // two micrometres are 1.8e-11 degrees of latitude
      expect(Math.abs(backLon - lon)).toBeLessThan(1.8e-11 / Math.cos((lat * Math.PI) / 180));
      expect(Math.abs(backLat - lat)).toBeLessThan(1.8e-11);
    },
  );
});
