/**
 * writeDxf: features as closed polylines of a drawing (DXF R12, the version that every CAD program reads; GBK text under
 * $DWGCODEPAGE ANSI_936). A polygon's rings lie on a layer named after its number, name or id, holes on `<layer>_扣除`; labels
 * inside it say its values as `键：值`. The coordinate system is written as a comment (999), since the format has no place for it.
 * In: rings in the drawing's plane, metres, x = easting. To 0.1 mm. Out: the file; attributes beyond the labels are left out.
 */
import { writeFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import type { MultiPolygonRings, Position, Ring } from '../../model/grid.js';

export const HOLE_LAYER_ENDING = '_扣除';
export const CRS_COMMENT = 'TUBAN-CRS=';

export interface DrawnPolygon {
  /** Layer name before it is made fit. */
  readonly title: string;
  readonly rings: MultiPolygonRings;
  /** Where the labels begin. */
  readonly middle: Position;
  /** `键：值`, one above the other. */
  readonly labels: readonly string[];
}

const TEXT_HEIGHT_M = 5;
const LINE_SPACING = 1.6;
/** Longest layer name, in bytes of GBK, that R12 readers are known to take. */
const LAYER_BYTES = 31;

export function writeDxf(path: string, crs: string, polygons: readonly DrawnPolygon[]): void {
  const named = polygons.map((polygon) => ({ ...polygon, layer: layerName(polygon.title) }));
  const layers = [...new Set(named.flatMap(({ layer, rings }) => layersOf(layer, rings)))].sort();
  const groups = [
    [999, `${CRS_COMMENT}${crs}`],
    ...section('HEADER', [
      [9, '$ACADVER'],
      [1, 'AC1009'],
      [9, '$DWGCODEPAGE'],
      [3, 'ANSI_936'],
    ]),
    ...section('TABLES', [
      [0, 'TABLE'],
      [2, 'LAYER'],
      [70, layers.length],
      ...layers.flatMap(
        (name) =>
          [
            [0, 'LAYER'],
            [2, name],
            [70, 0],
            [62, 7],
            [6, 'CONTINUOUS'],
          ] as Group[],
      ),
      [0, 'ENDTAB'],
    ]),
    ...section('ENTITIES', named.flatMap(entities)),
    [0, 'EOF'],
  ] as const;
  writeFileSync(path, iconv.encode(groups.map(([code, value]) => `${code}\r\n${value}\r\n`).join(''), 'gbk'));
}

type Group = readonly [code: number, value: string | number];

function section(name: string, groups: readonly Group[]): Group[] {
  return [[0, 'SECTION'], [2, name], ...groups, [0, 'ENDSEC']];
}

const holeLayer = (layer: string): string => `${layer}${HOLE_LAYER_ENDING}`;

function layersOf(layer: string, rings: MultiPolygonRings): string[] {
  return rings.some((polygon) => polygon.length > 1) ? [layer, holeLayer(layer)] : [layer];
}

function entities({ rings, middle: [x, y], labels, layer }: DrawnPolygon & { readonly layer: string }): Group[] {
  const lines = rings.flatMap(([outer, ...holes]) => [
    ...polyline(outer ?? [], layer),
    ...holes.flatMap((hole) => polyline(hole, holeLayer(layer))),
  ]);
  const texts = labels.flatMap((label, i): Group[] => [
    [0, 'TEXT'],
    [8, layer],
    ...place(x, y - i * TEXT_HEIGHT_M * LINE_SPACING),
    [40, TEXT_HEIGHT_M],
    [1, label.replace(/[\r\n]+/g, ' ')],
  ]);
  return [...lines, ...texts];
}

function polyline(ring: Ring, layer: string): Group[] {
  return [
    [0, 'POLYLINE'],
    [8, layer],
    [66, 1],
    [70, 1],
    ...place(0, 0),
    ...ring.slice(0, -1).flatMap(([x, y]): Group[] => [[0, 'VERTEX'], [8, layer], ...place(x, y)]),
    [0, 'SEQEND'],
    [8, layer],
  ];
}

function place(x: number, y: number): Group[] {
  return [
    [10, x.toFixed(4)],
    [20, y.toFixed(4)],
    [30, '0.0'],
  ];
}

/** Without the characters that CAD programs refuse, short enough to leave room for the ending. */
function layerName(title: string): string {
  let name = '';
  for (const character of title.replace(/[<>/\\":;?*|=,`'\s]/g, '_')) {
    if (iconv.encode(`${name}${character}${HOLE_LAYER_ENDING}`, 'gbk').length > LAYER_BYTES) break;
    name += character;
  }
  return name === '' ? '0' : name;
}
