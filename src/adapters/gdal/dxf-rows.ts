/**
 * dxfRows: the closed polylines of a CAD drawing become polygons, one row each. A drawing has no attributes: the layer's name is
 * kept, and texts inside a polygon are read: `键：值` as an attribute, a licence number as such, the rest as 文字. A ring on a layer
 * that ends with `_扣除` is taken out of the polygon around it; any other ring inside another stays a polygon of its own, which
 * is said, since the format cannot tell. What else the drawing holds (open lines, circles, points) is counted, not read.
 */
import { readFileSync } from 'node:fs';
import gdal from 'gdal-async';
import { boxOf } from '../../geo/distance.js';
import { isInside } from '../../geo/interior-point.js';
import type { Box, Position, Ring } from '../../model/grid.js';
import { ATTRIBUTES_FIELD, LAYER_EXPORT_FIELDS } from '../../model/layer-export.js';
import { codePage } from './dbf.js';
import { fromGeometry, toGeometry } from './geometry.js';
import type { LayerRow, LayerRows } from './layer-rows.js';
import { referenceFrom } from './spatial-reference.js';
import { CRS_COMMENT, HOLE_LAYER_ENDING } from './write-dxf.js';

interface Outline {
  readonly layer: string;
  readonly ring: Ring;
  readonly box: Box;
  readonly attributes: Record<string, string>;
  readonly holes: Ring[];
}

interface DrawingText {
  readonly at: Position;
  readonly text: string;
}

const LICENCE_NUMBER = /^(?:[CT]\d{22}|[TD]\d{17})$/;
const LABEL = /^([^：:]{1,20})[：:](.+)$/;

export function dxfRows(path: string, given: string | null): LayerRows {
  const bytes = readFileSync(path);
  const [encoding, encodingFrom] = encodingOf(bytes, given);
  gdal.config.set('DXF_ENCODING', encoding === 'GB18030' ? 'CP936' : encoding);
  const dataset = gdal.open(path);
  try {
    const { outlines, holes, texts, left } = drawingOf(dataset.layers.get(0));
    const notes = [`编码 ${encoding}：${encodingFrom}`, 'CAD 图形没有属性：图层名作为名称，面内的文字作为属性'];
    notes.push(...left, ...takeOut(holes, outlines), ...nested(outlines), ...label(outlines, texts));
    const own = new RegExp(`${CRS_COMMENT}(EPSG:\\d+)`).exec(bytes.toString('latin1', 0, 200))?.[1];
    const rows = outlines.map(({ layer, ring, holes: inner, attributes }, i): LayerRow => {
      const values = own === undefined ? { 名称: layer, 图层: layer, ...attributes } : ownValues(attributes);
      return { row: i + 1, geometry: toGeometry([[ring, ...inner]]), attributes: values };
    });
    const names = [...new Set(rows.flatMap(({ attributes }) => Object.keys(attributes)))];
    return { rows, names, reference: own ? referenceFrom(own) : null, encoding, notes, nameBytes: [] };
  } finally {
    dataset.close();
    gdal.config.set('DXF_ENCODING', null);
  }
}

/** A drawing that this program wrote: labels under their own names. */
function ownValues(attributes: Readonly<Record<string, string>>): Record<string, string | null> {
  const values = LAYER_EXPORT_FIELDS.map(({ name, zh }) => [name, attributes[zh] ?? null] as const);
  return { ...Object.fromEntries(values), [ATTRIBUTES_FIELD]: '{}' };
}

function encodingOf(bytes: Buffer, given: string | null): readonly [encoding: string, from: string] {
  if (given !== null) return [codePage(given) ?? given, '由 --encoding 指定'];
  const declared = /\$DWGCODEPAGE\s+3\s+(\S+)/.exec(bytes.toString('latin1', 0, 4000))?.[1] ?? '无';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return ['UTF-8', `内容符合 UTF-8（图中声明 ${declared}）`];
  } catch {
    return ['GB18030', `内容不符合 UTF-8，按 GB18030 读取（图中声明 ${declared}）`];
  }
}

function drawingOf(layer: gdal.Layer) {
  const outlines: Outline[] = [];
  const holes: Outline[] = [];
  const texts: DrawingText[] = [];
  const hatches: Outline[] = [];
  const left = new Map<string, number>();
  for (let feature = layer.features.first(); feature; feature = layer.features.next()) {
    const fields = feature.fields.toObject() as Readonly<Record<string, unknown>>;
    const [name, text, classes] = ['Layer', 'Text', 'SubClasses'].map((field) => String(fields[field] ?? ''));
    const geometry = feature.getGeometry();
    if (!geometry) continue;
    geometry.flattenTo2D();
    if (geometry instanceof gdal.Point) {
      if (text) texts.push({ at: [geometry.x, geometry.y], text: text.replace(/\\P|\r?\n/g, ' ').trim() });
      continue;
    }
    const ring = /Ellipse/.test(classes ?? '') ? null : closedRing(geometry);
    const polygon = /POLYGON/.test(geometry.name) ? fromGeometry(geometry)[0] : null;
    const outline = { layer: name ?? '', attributes: {}, holes: [] };
    if (polygon?.[0]) hatches.push({ ...outline, ...boxed(polygon[0]), holes: polygon.slice(1) });
    else if (ring) (outline.layer.endsWith(HOLE_LAYER_ENDING) ? holes : outlines).push({ ...outline, ...boxed(ring) });
    else left.set(outline.layer, (left.get(outline.layer) ?? 0) + 1);
  }
  // A line that was drawn twice, or a hatch that fills it, is the same ground a second time.
  const once: Outline[] = [];
  for (const outline of [...outlines, ...hatches])
    if (!once.some((other) => sameRing(other, outline))) once.push(outline);
  const layers = [...left].sort().map(([name, count]) => `${name} ${count} 个`);
  const unread = layers.length > 0 ? [`未读取未闭合的线、圆等图形：${layers.join('、')}`] : [];
  return { outlines: once, holes, texts, left: unread };
}

function closedRing(geometry: gdal.Geometry): Ring | null {
  if (!(geometry instanceof gdal.LineString) || geometry.points.count() < 4) return null;
  const positions = geometry.points.toArray().map(({ x, y }): Position => [x, y]);
  const [first, last] = [positions[0], positions.at(-1)];
  const closed = first && last && first[0] === last[0] && first[1] === last[1];
  return closed && !isCircle(positions) ? positions : null;
}

/** GDAL draws a circle every 4°; a licence has no ninety corners at one distance. */
function isCircle(ring: Ring): boolean {
  const open = ring.slice(1);
  const mean = (axis: 0 | 1): number => open.reduce((sum, position) => sum + position[axis], 0) / open.length;
  const [x, y] = [mean(0), mean(1)];
  const radii = open.map((position) => Math.hypot(position[0] - x, position[1] - y));
  return open.length >= 90 && Math.max(...radii) - Math.min(...radii) < 1e-6 * Math.max(...radii);
}

const boxed = (ring: Ring): Pick<Outline, 'ring' | 'box'> => ({ ring, box: boxOf([[ring]]) });

function sameRing(a: Outline, b: Outline): boolean {
  if (a.ring.length !== b.ring.length || a.box.some((value, i) => value !== b.box[i])) return false;
  return toGeometry([[a.ring]]).equals(toGeometry([[b.ring]]));
}

function contains({ ring, box }: Outline, inner: Outline): boolean {
  const [minX, minY, maxX, maxY] = inner.box;
  if (minX < box[0] || minY < box[1] || maxX > box[2] || maxY > box[3]) return false;
  return inner.ring.every(([x, y]) => isInside([[ring]], x, y));
}

const bySize = (a: Outline, b: Outline): number => boxSize(a.box) - boxSize(b.box);
const boxSize = ([minX, minY, maxX, maxY]: Box): number => (maxX - minX) * (maxY - minY);

function takeOut(holes: readonly Outline[], outlines: readonly Outline[]): string[] {
  return holes.flatMap((hole) => {
    const { layer, ring } = hole;
    const around = outlines.filter((outline) => contains(outline, hole)).sort(bySize);
    const named = around.filter((outline) => `${outline.layer}${HOLE_LAYER_ENDING}` === layer);
    const [target] = named.length > 0 ? named : around;
    if (!target) return [`图层 ${layer} 的一个扣除圈不在任何面之内，未起作用`];
    target.holes.push(ring);
    return [`图层 ${layer} 的一个圈按图层名从 ${target.layer} 中扣除`];
  });
}

function nested(outlines: readonly Outline[]): string[] {
  return outlines.flatMap((outline, i) => {
    const { layer } = outline;
    const around = outlines.findIndex((outer, k) => k !== i && contains(outer, outline));
    if (around < 0) return [];
    return [
      `第 ${i + 1} 行（图层 ${layer}）在第 ${around + 1} 行之内：图形不能说明是否扣除，按独立的面读取；若应扣除，请把它的图层改名为“${outlines[around]?.layer}${HOLE_LAYER_ENDING}”`,
    ];
  });
}

/** Each text goes to the smallest polygon around it. */
function label(outlines: readonly Outline[], texts: readonly DrawingText[]): string[] {
  let outside = 0;
  for (const { at, text } of texts) {
    const around = outlines.filter(({ ring, box }) => within(at, box) && isInside([[ring]], at[0], at[1]));
    const [target] = around.sort(bySize);
    if (!target) {
      outside++;
      continue;
    }
    const [, key, value] = LABEL.exec(text) ?? [];
    const { attributes } = target;
    if (key !== undefined && value !== undefined) attributes[key.trim()] = value.trim();
    else if (LICENCE_NUMBER.test(text)) attributes.许可证号 = text;
    else attributes.文字 = attributes.文字 === undefined ? text : `${attributes.文字}；${text}`;
  }
  return outside > 0 ? [`${outside} 个文字不在任何面内，未采用`] : [];
}

const within = ([x, y]: Position, [minX, minY, maxX, maxY]: Box): boolean =>
  x >= minX && x <= maxX && y >= minY && y <= maxY;
