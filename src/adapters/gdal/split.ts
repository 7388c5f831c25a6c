/**
 * split: the parts of a patch under each of the named boundaries, each part taken from what the boundaries before it left; then the
 * rest. Cut in the patch's local plane, areas on the ellipsoid. Parts thinner than a sliver are empty.
 */
import { perimeterM, polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { quantise } from '../../geo/quantise.js';
import type { WorkCatalogue } from '../../model/work.js';
import { combine, fromGeometry } from './geometry.js';
import { SLIVER_M } from './lie.js';
import { cutTo, PlanarCache, planarPolygon, planeOf, widen } from './planar-cache.js';

type Part = WorkCatalogue['split']['output'][number][number];

export function split({ boundaries, items }: WorkCatalogue['split']['input']): WorkCatalogue['split']['output'] {
  const cache = new PlanarCache(boundaries);
  return items.map(({ patch, boundaries: named }) => {
    const plane = planeOf(patch);
    const planar = planarPolygon(patch, plane);
    const sliverM2 = SLIVER_M * perimeterM(patch);
    const neighbourhood = widen(planar.box, 1);
    let rest = planar.geometry;
    const part = (geometry: typeof rest): Part => {
      const rings = quantise(plane.toLonLat(fromGeometry(geometry)));
      const areaM2 = polygonAreaM2(rings);
      return areaM2 < sliverM2 ? { geometry: [], areaM2: 0 } : { geometry: rings, areaM2 };
    };
    const parts = named.map((index) => {
      const near = cutTo(cache.get(index, plane), neighbourhood);
      const taken = part(combine('intersection', rest, near));
      rest = combine('difference', rest, near);
      return taken;
    });
    return [...parts, part(rest)];
  });
}
