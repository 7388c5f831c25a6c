/** Waypoints: a named point for each row of a list, for phones, receivers and maps. */
import type { ExportList } from './patch-list.js';

export interface Waypoint {
  readonly lon: number;
  readonly lat: number;
  /** Rank and id. */
  readonly name: string;
  /** Suspicion, score, area. */
  readonly about: string;
  /** Kind of suspicion. */
  readonly kind: string;
}

/** What GPX and KML ask for is WGS 84. */
export const DATUM_NOTE =
  '坐标为 CGCS2000，按 WGS 84 写出（二者相差厘米级）；疑似线索，以实地核查为准 (CGCS2000 taken as WGS 84)';

/** Rows without lon and lat have none. */
export function waypointsOf({ columns, rows }: ExportList): Waypoint[] {
  const names = ['lon', 'lat', 'rank', 'id', 'suspicion', 'score', 'area_mu'];
  const [lon, lat, rank, id, kind, score, areaMu] = names.map((column) =>
    columns.findIndex((one) => one.name === column),
  );
  return rows.flatMap(({ values }) => {
    const value = (index: number | undefined) => (index === undefined || index < 0 ? null : (values[index] ?? null));
    const [x, y] = [value(lon), value(lat)];
    if (typeof x !== 'number' || typeof y !== 'number') return [];
    const text = (index: number | undefined) => String(value(index) ?? '');
    const mu = value(areaMu);
    const about = `${text(kind)}；得分 ${text(score)}${typeof mu === 'number' ? `；${mu.toFixed(2)} 亩` : ''}`;
    const name = [text(rank), text(id)].filter((part) => part !== '').join(' ');
    return [{ lon: x, lat: y, name, about, kind: text(kind) }];
  });
}
