/** overlay-things: the made layers as the patches and licences that the program judges, and as shelves in memory or on file. */
import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { localPlane } from '../../dist/src/geo/crs.js';
import { boxOf } from '../../dist/src/geo/distance.js';
import { perimeterM, polygonAreaM2 } from '../../dist/src/geo/ellipsoid-area.js';
import { interiorPoint } from '../../dist/src/geo/interior-point.js';
import { flatBoxes, shelfOf } from '../../dist/src/shelves.js';
import { MERIDIAN } from './layers.mjs';

const plane = localPlane(MERIDIAN);
/** Corners stay where they are: the same ground as in the plane, but for the edges' straightness (less than .1 mm). */
const onEarth = (polygon) => plane.toLonLat([polygon]);

/** @param made see layers.mjs */
export function shelvesInMemory({ patches, licences }) {
  return { patches: shelfOf(patches.map(patchOf)), boundaries: shelfOf(licences.map(licenceOf)) };
}

/** Each thing for itself in one file, with boxes and ends beside it: for `shelvesOnFile`. */
export function writeShelves({ patches, licences }, folder) {
  writeShelf(join(folder, 'patches'), patches, patchOf);
  writeShelf(join(folder, 'boundaries'), licences, licenceOf);
}

/** Only boxes and places in the file are in memory. */
export function shelvesOnFile(folder) {
  return { patches: readShelf(join(folder, 'patches')), boundaries: readShelf(join(folder, 'boundaries')) };
}

function writeShelf(path, polygons, make) {
  const file = openSync(path, 'w');
  const boxes = [];
  const ends = new Float64Array(polygons.length);
  let end = 0;
  for (const [i, polygon] of polygons.entries()) {
    const thing = make(polygon, i);
    end += writeSync(file, serialize(thing));
    ends[i] = end;
    boxes.push(boxOf(thing.geometry));
  }
  closeSync(file);
  writeFileSync(`${path}.boxes`, new Uint8Array(flatBoxes(boxes).buffer));
  writeFileSync(`${path}.ends`, new Uint8Array(ends.buffer));
}

function readShelf(path) {
  const file = openSync(path, 'r');
  const numbers = (name) => new Float64Array(new Uint8Array(readFileSync(`${path}.${name}`)).buffer);
  const ends = numbers('ends');
  return {
    boxes: numbers('boxes'),
    async take(places) {
      return places.map((place) => {
        const start = place === 0 ? 0 : ends[place - 1];
        const bytes = Buffer.allocUnsafe(ends[place] - start);
        readSync(file, bytes, 0, bytes.length, start);
        return deserialize(bytes);
      });
    },
  };
}

function patchOf(polygon, i) {
  const geometry = onEarth(polygon);
  const { lon, lat } = interiorPoint(geometry);
  return {
    ...{
      id: `2026Q3-${i}`,
      pairs: ['a>b'],
      geometry,
      areaM2: polygonAreaM2(geometry),
      perimeterM: perimeterM(geometry),
    },
    ...{ lon, lat, confidence: 0.8, changeType: 'vegetation-to-bare', seenShare: 1, sigmaM: [2, 3, 5][i % 3] },
    ...{ dateBefore: '2026-05-01', dateAfter: '2026-08-01', reasons: [] },
  };
}

function licenceOf(polygon, i) {
  const geometry = onEarth(polygon);
  return {
    ...{
      id: `L${i}`,
      kind: 'licences',
      row: i,
      number: `C${i}`,
      name: `${i}矿`,
      holder: `${i % 500}公司`,
      method: '露天开采',
    },
    ...{ status: null, validFrom: '2020-01-01', validTo: '2030-01-01', zoneKind: null, geometry },
    ...{ areaM2: polygonAreaM2(geometry), excludedReason: null, attributes: {} },
  };
}
