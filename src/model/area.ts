/**
 * Area: an administrative area as grants name it. Its id is the number or code of the admin layer (else the name), so that it stays the same when a
 * border is drawn anew.
 */
import type { Boundary } from './boundary.js';

export interface AreaShape {
  readonly id: string;
  readonly name: string;
  /** Ids of the boundaries that make it up, sorted. */
  readonly boundaries: readonly string[];
}

export interface AreasOfLayer {
  /** Sorted by id. */
  readonly areas: readonly AreaShape[];
  /** Names that several polygons without a number share: taken as one area. */
  readonly shared: readonly string[];
  /** Polygons with neither number nor name. */
  readonly nameless: number;
}

/** Fields of the admin layer that hold the division's code; of other layers they would be no number of the thing itself. */
const CODES = ['XZQDM', 'XZQHDM', 'XZDM', '行政区代码', '行政区划代码', '政区代码', 'PAC', 'ADCODE', 'CODE'];

function codeIn(attributes: Boundary['attributes']): string | null {
  const fields = new Map(Object.entries(attributes).map(([name, value]) => [name.trim().toUpperCase(), value]));
  const value = CODES.map((name) => fields.get(name)).find(
    (one) => one !== undefined && one !== null && `${one}`.trim() !== '',
  );
  return value === undefined ? null : `${value}`;
}

const plain = (text: string | null): string => (text ?? '').normalize('NFKC').replace(/\s/g, '');

/** `standing`: the admin layer's polygons that stand today. */
export function areasOfLayer(
  standing: readonly Pick<Boundary, 'id' | 'number' | 'name' | 'attributes'>[],
): AreasOfLayer {
  const found = new Map<string, { names: string[]; boundaries: string[]; numbered: boolean }>();
  let nameless = 0;
  for (const { id, number, name, attributes } of standing) {
    const code = plain(number) || plain(codeIn(attributes));
    const numbered = code !== '';
    const key = code || plain(name);
    if (key === '') {
      nameless += 1;
      continue;
    }
    const entry = found.get(key) ?? { names: [], boundaries: [], numbered };
    found.set(key, entry);
    entry.boundaries.push(id);
    if (name !== null && name.trim() !== '') entry.names.push(name.trim());
  }
  const areas = [...found].map(([id, { names, boundaries }]) => ({
    id,
    name: names.sort()[0] ?? id,
    boundaries: boundaries.sort(),
  }));
  const shared = [...found].filter(([, { boundaries, numbered }]) => !numbered && boundaries.length > 1);
  return {
    areas: areas.sort((a, b) => (a.id < b.id ? -1 : 1)),
    shared: shared.map(([id]) => id).sort(),
    nameless,
  };
}
