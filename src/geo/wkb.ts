/** wkb: polygons as well-known binary (little endian, 2D) and back. Doubles cross bit for bit. */
import type { MultiPolygonRings, PolygonRings, Position, Ring } from '../model/grid.js';

const LINE = 2;
const POLYGON = 3;
const MULTI_LINE = 5;
const MULTI_POLYGON = 6;
const COLLECTION = 7;

/** A MultiPolygon, also of one polygon. */
export function toWkb(rings: MultiPolygonRings): Uint8Array {
  let size = 9;
  for (const polygon of rings) size += 9 + polygon.reduce((sum, ring) => sum + 4 + 16 * ring.length, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const head = (type: number, count: number): void => {
    view.setUint8(at, 1);
    view.setUint32(at + 1, type, true);
    view.setUint32(at + 5, count, true);
    at += 9;
  };
  head(MULTI_POLYGON, rings.length);
  for (const polygon of rings) {
    head(POLYGON, polygon.length);
    for (const ring of polygon) {
      view.setUint32(at, ring.length, true);
      at += 4;
      for (const [x, y] of ring) {
        view.setFloat64(at, x, true);
        view.setFloat64(at + 8, y, true);
        at += 16;
      }
    }
  }
  return bytes;
}

/** A MultiLineString. */
export function linesToWkb(lines: readonly (readonly Position[])[]): Uint8Array {
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + 9 + 16 * line.length, 9));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const head = (type: number, count: number): void => {
    view.setUint8(at, 1);
    view.setUint32(at + 1, type, true);
    view.setUint32(at + 5, count, true);
    at += 9;
  };
  head(MULTI_LINE, lines.length);
  for (const line of lines) {
    head(LINE, line.length);
    for (const [x, y] of line) {
      view.setFloat64(at, x, true);
      view.setFloat64(at + 8, y, true);
      at += 16;
    }
  }
  return bytes;
}

/** The polygons of a geometry; points and lines of a collection are left out, empty polygons too. */
export function fromWkb(bytes: Uint8Array): MultiPolygonRings {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const polygons: PolygonRings[] = [];
  let at = 0;
  const readGeometry = (): void => {
    const little = view.getUint8(at) === 1;
    const type = view.getUint32(at + 1, little);
    at += 5;
    const count = (): number => {
      at += 4;
      return view.getUint32(at - 4, little);
    };
    const positions = (n: number): Ring =>
      Array.from({ length: n }, (): Position => {
        at += 16;
        return [view.getFloat64(at - 16, little), view.getFloat64(at - 8, little)];
      });
    if (type === POLYGON) {
      const rings = Array.from({ length: count() }, () => positions(count()));
      if (rings.length > 0) polygons.push(rings);
    } else if (type === 1) positions(1);
    else if (type === 2) positions(count());
    else if (type >= 4 && type <= COLLECTION) for (let n = count(); n > 0; n--) readGeometry();
    else throw new RangeError(`geometry type ${type} is not a 2D simple feature`);
  };
  readGeometry();
  return polygons;
}
