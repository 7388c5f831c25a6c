/**
 * split: the parts of a patch under each of the named boundaries, each part taken from what the boundaries before it left; then the
 * rest. Cut in degrees, in which edges are straight; areas on the ellipsoid. Parts thinner than a sliver are empty.
 */
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { quantise } from '../../geo/quantise.js';
import type { WorkCatalogue } from '../../model/work.js';
import { combine, fromGeometry } from './geometry.js';
import { reachBox } from './overlay.js';
import { cutTo } from './planar-cache.js';
import { Boundaries, PatchShape } from './shapes.js';

type Part = WorkCatalogue['split']['output'][number][number];

export function split({ boundaries, items }: WorkCatalogue['split']['input']): WorkCatalogue['split']['output'] {
  const shapes = new Boundaries((place) => boundaries[place] ?? []);
  return items.map(({ patch, boundaries: named }) => {
    const { shape, sliverM2 } = new PatchShape(patch);
    const neighbourhood = reachBox(shape.box, 1);
    let rest = shape.geometry;
    const part = (geometry: typeof rest): Part => {
      const rings = quantise(fromGeometry(geometry));
      const areaM2 = polygonAreaM2(rings);
      return areaM2 < sliverM2 ? { geometry: [], areaM2: 0 } : { geometry: rings, areaM2 };
    };
    const parts = named.map((index) => {
      const near = cutTo(shapes.get(index).shape, neighbourhood);
      const taken = part(combine('intersection', rest, near));
      rest = combine('difference', rest, near);
      return taken;
    });
    return [...parts, part(rest)];
  });
}
