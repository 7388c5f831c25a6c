/** writeGeoJson: RFC 7946 text: lon/lat (CGCS2000 taken as WGS 84, less than 1 m apart), outer rings counter-clockwise. */
import { writeFileSync } from 'node:fs';
import type { MultiPolygonRings, PolygonRings, Position, Ring } from '../../model/grid.js';
import { markRecord, markText } from '../../model/handling-mark.js';
import type { WorkCatalogue } from '../../model/work.js';

type Input = Pick<WorkCatalogue['writeVector']['input'], 'layer' | 'fields' | 'features' | 'mark'>;

export function writeGeoJson(path: string, { layer, fields, features, mark }: Input): void {
  const lines = features.map(({ geometry, values }) =>
    JSON.stringify({
      type: 'Feature',
      properties: Object.fromEntries(fields.map(({ name }, i) => [name, values[i] ?? null])),
      geometry: geoJsonGeometry(geometry),
    }),
  );
  // A foreign member (RFC 7946 section 6.1): readers that do not know it pass over it.
  const marked = mark
    ? `"tuban_mark":${JSON.stringify({ text: markText(mark), record: markRecord(mark), ...mark })},`
    : '';
  writeFileSync(
    path,
    `{"type":"FeatureCollection","name":${JSON.stringify(layer)},${marked}"features":[\n${lines.join(',\n')}\n]}\n`,
  );
}

export function geoJsonGeometry(rings: MultiPolygonRings): { type: string; coordinates: unknown } | null {
  const polygons = rings.map(rightHanded);
  const [only] = polygons;
  if (!only) return null;
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: only }
    : { type: 'MultiPolygon', coordinates: polygons };
}

function rightHanded(polygon: PolygonRings): PolygonRings {
  return polygon.map((ring, i) => (turnsLeft(ring) === (i === 0) ? ring : ring.toReversed()));
}

function turnsLeft(ring: Ring): boolean {
  const [x0, y0] = ring[0] ?? [0, 0];
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1] as Position;
    const [bx, by] = ring[i] as Position;
    twice += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return twice > 0;
}
