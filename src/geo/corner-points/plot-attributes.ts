/**
 * plot-attributes: what the corner-point texts say of a boundary beside its points: in the exchange text a fixed list, in the
 * registration text and the table of strings names and values, those of the register first, whatever they were called.
 */
import type { Boundary } from '../../model/boundary.js';
import { mapFields } from '../../model/layer-fields.js';
import { PLOT_FIELDS } from './exchange-plot.js';
import { KEPT_COLUMNS } from './kept-corners.js';

type Attributes = Record<string, string>;

const REGISTER_NAMES = [
  ['许可证号', 'number'],
  ['采矿权人', 'holder'],
  ['矿山名称', 'name'],
  ['开采方式', 'method'],
  ['有效期起', 'validFrom'],
  ['有效期止', 'validTo'],
  ['状态', 'status'],
  ['区域类型', 'zoneKind'],
] as const;

/** Made anew with every reading. */
const DERIVED = [...KEPT_COLUMNS, '标高上限', '标高下限'];

export function exchangeAttributes({ number, name, areaM2, attributes }: Boundary): Attributes {
  const own = Object.fromEntries(
    PLOT_FIELDS.slice(1).map((field) => [field, String(attributes[field] ?? '')] as const),
  );
  return {
    ...own,
    地块面积: own.地块面积 || (areaM2 / 10_000).toFixed(4),
    地块编号: number ?? '',
    地块名称: name ?? '',
    图形类型: '面',
  };
}

/** The register's own fields; empty ones left out. */
export function registerAttributes(boundary: Boundary): Attributes {
  return Object.fromEntries(
    REGISTER_NAMES.flatMap(([name, field]) => {
      const value = boundary[field];
      return value === null ? [] : [[name, value] as const];
    }),
  );
}

/** The register's own fields, then the other attributes by name. */
export function allAttributes(boundary: Boundary): Attributes {
  const own = registerAttributes(boundary);
  const mapped = new Set(Object.values(mapFields(Object.keys(boundary.attributes))));
  const others = Object.entries(boundary.attributes)
    .filter(([name, value]) => value !== null && !mapped.has(name) && !DERIVED.includes(name) && !(name in own))
    .map(([name, value]) => [name, String(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...own, ...Object.fromEntries(others) };
}
