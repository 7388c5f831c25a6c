/**
 * gpxText: a list as GPX 1.1 waypoints for phones and hand-held receivers: a point in each row's shape, named by rank and id, with the kind of
 * suspicion as its type. CGCS2000 is taken as WGS 84, which GPX asks for (they are one within centimetres); the file says so.
 */
import { type HandlingMark, markRecord, markText } from '../../model/handling-mark.js';
import type { ExportList } from '../../model/patch-list.js';
import { DATUM_NOTE, waypointsOf } from '../../model/waypoints.js';

export function gpxText(list: ExportList, mark: HandlingMark): string {
  const points = waypointsOf(list).map(
    ({ lon, lat, name, about, kind }) =>
      `<wpt lat="${lat.toFixed(9)}" lon="${lon.toFixed(9)}"><name>${escaped(name)}</name><desc>${escaped(about)}</desc>` +
      `<sym>Flag</sym><type>${escaped(kind)}</type></wpt>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gpx version="1.1" creator="tuban" xmlns="http://www.topografix.com/GPX/1/1">',
    `<metadata><name>${escaped(list.name)}</name><desc>${escaped(`${DATUM_NOTE}　${markText(mark)}`)}</desc><keywords>${escaped(markRecord(mark))}</keywords></metadata>`,
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
