/**
 * split: the parts of a patch under each of the named boundaries, each part taken from what the boundaries before it left; then the
 * rest. Cut in degrees, in which edges are straight; areas on the ellipsoid. Parts thinner than a sliver are empty.
 */
import type gdal from 'gdal-async';
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { quantise } from '../../geo/quantise.js';
import type { WorkCatalogue } from '../../model/work.js';
import { combine, fromGeometry } from './geometry.js';
import { cutTo } from './planar-cache.js';
import { reachBox } from './reach-box.js';
import { Boundaries, PatchShape } from './shapes.js';

export type Part = WorkCatalogue['split']['output'][number][number];

/** A part of a patch as it is told. */
export function partOf(geometry: gdal.Geometry, sliverM2: number): Part {
  const rings = quantise(fromGeometry(geometry));
  const areaM2 = polygonAreaM2(rings);
  return areaM2 < sliverM2 ? { geometry: [], areaM2: 0 } : { geometry: rings, areaM2 };
}

export function split({ boundaries, items }: WorkCatalogue['split']['input']): WorkCatalogue['split']['output'] {
  const shapes = new Boundaries((place) => boundaries[place] ?? []);
  return items.map(({ patch, boundaries: named }) => {
    const { shape, sliverM2 } = new PatchShape(patch);
    const neighbourhood = reachBox(shape.box, 1);
    let rest = shape.geometry;
    const parts = named.map((index) => {
      const near = cutTo(shapes.get(index).shape, neighbourhood);
      const taken = partOf(combine('intersection', rest, near), sliverM2);
      rest = combine('difference', rest, near);
      return taken;
    });
    return [...parts, partOf(rest, sliverM2)];
  });
}
