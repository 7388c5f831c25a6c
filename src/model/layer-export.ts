/**
 * layer-export: what a polygon of the register takes along when it leaves the program, so that it comes back as the same
 * polygon: its values under fixed names, what it was excluded for, and the attributes of its source as one text (JSON). Where a
 * format cannot hold the text (a shapefile's fields end at 254 bytes) it is left out and the polygon returns without them.
 */
import type { Boundary } from './boundary.js';
import type { LayerField } from './layer-fields.js';

type Attributes = Boundary['attributes'];

/** Marks a file as one that this program wrote; at most 10 bytes, so that a DBF holds it. */
export const ATTRIBUTES_FIELD = 'tuban_attr';

const VALUE_FIELDS = {
  licence_no: 'number',
  mine: 'name',
  holder: 'holder',
  method: 'method',
  status: 'status',
  valid_from: 'validFrom',
  valid_to: 'validTo',
  zone_kind: 'zoneKind',
} as const satisfies Readonly<Record<string, LayerField>>;

export const LAYER_EXPORT_FIELDS = [
  { name: 'id', type: 'text', zh: '编号' },
  { name: 'licence_no', type: 'text', zh: '许可证号' },
  { name: 'mine', type: 'text', zh: '矿山名称' },
  { name: 'holder', type: 'text', zh: '权利人' },
  { name: 'method', type: 'text', zh: '开采方式' },
  { name: 'status', type: 'text', zh: '状态' },
  { name: 'valid_from', type: 'text', zh: '有效期起' },
  { name: 'valid_to', type: 'text', zh: '有效期止' },
  { name: 'zone_kind', type: 'text', zh: '区域类型' },
  { name: 'area_m2', type: 'real', zh: '面积（m²）' },
  { name: 'excluded', type: 'text', zh: '不参加自动判定的原因' },
  { name: ATTRIBUTES_FIELD, type: 'text', zh: '原始属性' },
] as const;

/** In the order of the fields. */
export function layerExportValues(boundary: Boundary): (string | number | null)[] {
  const { id, areaM2, excludedReason, attributes } = boundary;
  const values = Object.values(VALUE_FIELDS).map((field) => boundary[field]);
  return [id, ...values, Math.round(areaM2 * 100) / 100, excludedReason, attributesText(attributes)];
}

/** Sorted: the same text for the same attributes. */
export function attributesText(attributes: Attributes): string {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify(Object.fromEntries(entries));
}

export interface Returned {
  readonly attributes: Attributes;
  /** Dates are ISO already. */
  readonly values: Readonly<Record<(typeof VALUE_FIELDS)[keyof typeof VALUE_FIELDS], string | null>>;
  readonly excludedReason: string | null;
}

/** Whether a file with these fields is one that this program wrote. */
export function isOwnExport(names: readonly string[]): boolean {
  return names.includes(ATTRIBUTES_FIELD);
}

/** A row of an own export as it was; edited values count as they now stand. */
export function returned(row: Attributes): Returned {
  const text = (name: string): string | null => {
    const value = row[name] ?? null;
    return value === null ? null : String(value);
  };
  const values = Object.fromEntries(Object.entries(VALUE_FIELDS).map(([name, field]) => [field, text(name)]));
  return {
    attributes: attributesFrom(text(ATTRIBUTES_FIELD)),
    values: values as Returned['values'],
    excludedReason: text('excluded'),
  };
}

function attributesFrom(text: string | null): Attributes {
  try {
    const parsed: unknown = JSON.parse(text ?? '{}');
    if (parsed === null || typeof parsed !== 'object') return {};
    return Object.fromEntries(
      Object.entries(parsed).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
    );
  } catch {
    return {};
  }
}
