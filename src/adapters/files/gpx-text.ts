/**
 * gpxText: a list as GPX 1.1 waypoints for phones and hand-held receivers: a point in each row's shape, named by rank and id, with the kind of
 * suspicion as its type. CGCS2000 is taken as WGS 84, which GPX asks for (they are one within centimetres); the file says so.
 */
import { type HandlingMark, markRecord, markText } from '../../model/handling-mark.js';
import type { ExportList } from '../../model/patch-list.js';

/** Fault-free: rows without lon and lat have no waypoint. */
export function gpxText({ name, columns, rows }: ExportList, mark: HandlingMark): string {
  const at = (column: string) => columns.findIndex((one) => one.name === column);
  const [lon, lat, rank, id, kind, score, areaMu] = ['lon', 'lat', 'rank', 'id', 'suspicion', 'score', 'area_mu'].map(
    at,
  );
  const points = rows.flatMap(({ values }) => {
    const value = (index: number | undefined) => (index === undefined || index < 0 ? null : (values[index] ?? null));
    const [x, y] = [value(lon), value(lat)];
    if (typeof x !== 'number' || typeof y !== 'number') return [];
    const text = (index: number | undefined) => String(value(index) ?? '');
    const title = [text(rank), text(id)].filter((part) => part !== '').join(' ');
    const mu = value(areaMu);
    const facts = `${text(kind)}；得分 ${text(score)}${typeof mu === 'number' ? `；${mu.toFixed(2)} 亩` : ''}`;
    return [
      `<wpt lat="${y.toFixed(9)}" lon="${x.toFixed(9)}"><name>${escaped(title)}</name><desc>${escaped(facts)}</desc>` +
        `<sym>Flag</sym><type>${escaped(text(kind))}</type></wpt>`,
    ];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gpx version="1.1" creator="tuban" xmlns="http://www.topografix.com/GPX/1/1">',
    `<metadata><name>${escaped(name)}</name><desc>坐标为 CGCS2000，按 WGS 84 写出（二者相差厘米级）；疑似线索，以实地核查为准 (CGCS2000 taken as WGS 84)　${escaped(markText(mark))}</desc><keywords>${escaped(markRecord(mark))}</keywords></metadata>`,
    ...points,
    '</gpx>',
    '',
  ].join('\n');
}

/** XML text; control characters that XML 1.0 cannot hold are left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
