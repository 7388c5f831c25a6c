/**
 * A photo beside the patch it is to show: how far from the outline it was taken, whether the camera looked there, and when.
 * Method: plane around the camera (metres per degree of the ellipsoid; centimetres off at the distances that matter); the patch's outline seen
 * from there spans an angle, which the heading must meet within a tolerance. A heading from magnetic north is taken as it is: in China the
 * two differ by at most 12 degrees, which the tolerance holds.
 * In:  what the camera wrote, the datum the sender named (else the file's, else WGS 84), the outline. Out: PhotoPlace.
 */
import { distanceToSegments, segmentsOf } from '../../geo/distance.js';
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import { interiorPoint, isInside } from '../../geo/interior-point.js';
import { roughlyFromGcj02 } from '../../geo/map-links.js';
import type { Datum } from '../../model/datum.js';
import type { PhotoFacts, PhotoPlace } from '../../model/evidence.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';

/** What is written without offset was written in China. */
const CHINA_OFFSET = '+08:00';
/** How fine a distance from a position in GCJ-02 is told, metres. */
const SHIFTED_STEP_M = 10;

export function photoPlace(
  facts: PhotoFacts,
  saidDatum: Datum | null,
  outline: MultiPolygonRings,
  headingToleranceDeg: number,
): PhotoPlace {
  const datum = saidDatum ?? statedDatum(facts.statedDatum);
  const at = facts.lon !== null && facts.lat !== null ? ([facts.lon, facts.lat] as const) : null;
  const sight =
    at && outline.length > 0
      ? sightOf([...at], datum ?? 'WGS84', outline, facts.headingDeg, headingToleranceDeg)
      : null;
  return {
    takenAt: facts.takenAt === null ? null : utcOf(facts.takenAt, facts.offset ?? CHINA_OFFSET),
    offsetAssumed: facts.takenAt !== null && facts.offset === null,
    lon: at?.[0] ?? null,
    lat: at?.[1] ?? null,
    datum: at ? (datum ?? 'WGS84') : null,
    datumAssumed: at !== null && datum === null,
    distanceM: sight?.distanceM ?? null,
    bearingDeg: sight?.bearingDeg ?? null,
    pointsAtPatch: sight?.pointsAtPatch ?? null,
  };
}

/** The names that cameras write; another one says nothing we know. */
function statedDatum(text: string | null): Datum | null {
  const plain = (text ?? '').toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (plain === 'WGS84') return 'WGS84';
  if (plain === 'CGCS2000') return 'CGCS2000';
  return plain === 'GCJ02' ? 'GCJ-02' : null;
}

function utcOf(local: string, offset: string): string | null {
  const time = Date.parse(`${local}${offset}`);
  return Number.isFinite(time) ? new Date(time).toISOString() : null;
}

interface Sight {
  readonly distanceM: number;
  readonly bearingDeg: number | null;
  readonly pointsAtPatch: boolean | null;
}

function sightOf(
  stated: Position,
  datum: Datum,
  outline: MultiPolygonRings,
  headingDeg: number | null,
  toleranceDeg: number,
): Sight {
  const camera = datum === 'GCJ-02' ? roughlyFromGcj02(stated) : stated;
  const scale = metresPerDegree(camera[1]);
  const plane = (position: Position): Position => [
    (position[0] - camera[0]) * scale.lon,
    (position[1] - camera[1]) * scale.lat,
  ];
  const local: MultiPolygonRings = outline.map((polygon) => polygon.map((ring) => ring.map(plane)));
  const inside = isInside(local, 0, 0);
  const exact = inside ? 0 : distanceToSegments(segmentsOf(local), 0, 0);
  const distanceM =
    datum === 'GCJ-02' ? Math.round(exact / SHIFTED_STEP_M) * SHIFTED_STEP_M : Math.round(exact * 10) / 10;
  if (inside) return { distanceM, bearingDeg: null, pointsAtPatch: headingDeg === null ? null : true };
  const { lon, lat } = interiorPoint(outline);
  const bearingDeg = bearing(plane([lon, lat]));
  return {
    distanceM,
    bearingDeg: Math.round(bearingDeg * 10) / 10,
    pointsAtPatch: headingDeg === null ? null : meets(local, bearingDeg, headingDeg, toleranceDeg),
  };
}

/** Degrees from north, clockwise, of a point in the plane around the camera. */
function bearing([x, y]: Position): number {
  return (Math.atan2(x, y) * (180 / Math.PI) + 360) % 360;
}

/** From −180 to 180. */
function turn(from: number, to: number): number {
  return ((to - from + 540) % 360) - 180;
}

function meets(local: MultiPolygonRings, middle: number, heading: number, tolerance: number): boolean {
  const turns = local.flatMap((polygon) => (polygon[0] ?? []).map((vertex) => turn(middle, bearing(vertex))));
  const own = turn(middle, heading);
  return own >= Math.min(0, ...turns) - tolerance && own <= Math.max(0, ...turns) + tolerance;
}
