/**
 * packed: polygons as flat numbers. As nested arrays they cost a process boundary half a microsecond a position each way; as typed
 * arrays they are copied as they are. Values cross bit for bit.
 */
import type { MultiPolygonRings, PolygonRings, Position, Ring } from '../model/grid.js';
import type { PackedPolygons } from '../model/work.js';

export function packPolygons(shapes: readonly MultiPolygonRings[]): PackedPolygons {
  const polygons = shapes.flat();
  const rings = polygons.flat();
  const coordinates = new Float64Array(2 * rings.reduce((sum, ring) => sum + ring.length, 0));
  let at = 0;
  for (const ring of rings) {
    for (const [x, y] of ring) {
      coordinates[at++] = x;
      coordinates[at++] = y;
    }
  }
  return {
    coordinates,
    ringEnds: endsOf(rings),
    polygonEnds: endsOf(polygons),
    shapeEnds: endsOf(shapes),
  };
}

/** Running sums of lengths. */
function endsOf(lists: readonly { readonly length: number }[]): Uint32Array {
  let end = 0;
  return Uint32Array.from(lists, ({ length }) => {
    end += length;
    return end;
  });
}

/** The shape at a place of the list that was packed. */
export function unpackPolygon(
  { coordinates, ringEnds, polygonEnds, shapeEnds }: PackedPolygons,
  place: number,
): MultiPolygonRings {
  const startOf = (ends: Uint32Array, index: number): number => (index === 0 ? 0 : (ends[index - 1] ?? 0));
  const polygons: PolygonRings[] = [];
  for (let p = startOf(shapeEnds, place); p < (shapeEnds[place] ?? 0); p++) {
    const rings: Ring[] = [];
    for (let r = startOf(polygonEnds, p); r < (polygonEnds[p] ?? 0); r++) {
      const ring: Position[] = [];
      for (let i = startOf(ringEnds, r); i < (ringEnds[r] ?? 0); i++) {
        ring.push([coordinates[2 * i] as number, coordinates[2 * i + 1] as number]);
      }
      rings.push(ring);
    }
    polygons.push(rings);
  }
  return polygons;
}
