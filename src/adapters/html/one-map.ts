/**
 * one-map: the register as one offline page (一张图): a map of all kinds that can be moved and searched, and the table. Pure; every
 * text is escaped; nothing is loaded from anywhere. Secret areas are the caller's: what comes in is drawn.
 */
import { boxOf } from '../../geo/distance.js';
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import { type MapFrame, svgPath } from '../../geo/map-frame.js';
import { BOUNDARY_KINDS, type BoundaryKind } from '../../model/boundary.js';
import type { Box } from '../../model/grid.js';
import { type HandlingMark, markRecord, markText } from '../../model/handling-mark.js';
import { BOUNDARY_STYLE } from '../../model/map-style.js';
import { kindText, personsText, type RegisterEntry, standingText, termText } from '../../model/register-entry.js';
import { STANDINGS } from '../../model/standing.js';
import { BOUNDARY_WORDS, muOf } from '../../model/words.js';
import { bilingual, escapeHtml, numeral } from './escape.js';
import { ONE_MAP_SCRIPT, ONE_MAP_STYLE } from './one-map-parts.js';
import { REPORT_STYLE } from './report-style.js';

export interface OneMapContent {
  readonly title: string;
  /** The day as which the register is shown. */
  readonly on: string;
  readonly entries: readonly RegisterEntry[];
  /** Secret areas that were left out. */
  readonly withheld: number;
  /** Whose copy it is. */
  readonly mark?: HandlingMark;
}

const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A unit of the drawing in metres, so that one decimal of a path is half a metre. */
const UNIT_M = 5;
/** Room around the outermost polygon, metres. */
const MARGIN_M = 200;

export function oneMapPage({ title, on, entries, withheld, mark }: OneMapContent): string {
  const drawn = entries.filter(({ boundary }) => boundary.geometry.length > 0);
  const frame = frameOf(drawn.map(({ boundary }) => boxOf(boundary.geometry)));
  const kinds = BOUNDARY_KINDS.filter((kind) => entries.some(({ boundary }) => boundary.kind === kind));
  const left =
    withheld === 0
      ? ''
      : `<p class="caution">${bilingual({ zh: `另有涉密区域 ${withheld} 个，未绘出、未列出。`, en: 'Secret areas were left out.' })}</p>`;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${REPORT_STYLE}${ONE_MAP_STYLE}</style></head><body>
<header><h1>${escapeHtml(title)}</h1>
<p>${bilingual({ zh: `${on} 的登记情况，共 ${entries.length} 个范围。界线以登记机关的资料为准。`, en: `The register as it stands on ${on}.` })}</p>${left}</header>
<main><div class="tools">${kinds.map((kind) => toggle(kind, entries)).join('')}
<label>${bilingual({ zh: '查找', en: 'search' })} <input type="search" id="search" placeholder="编号、名称、权利人、责任人"></label></div>
${frame ? map(frame, drawn, entries) : `<p class="none">${bilingual({ zh: '没有可绘出的范围。', en: 'Nothing to draw.' })}</p>`}
<aside id="card" aria-live="polite"><p>${bilingual({ zh: '点选图上的范围或表中的一行。', en: 'Choose a polygon or a row.' })}</p></aside>
${table(entries)}</main>${mark ? `<footer><p>${escapeHtml(markText(mark))}　${escapeHtml(markRecord(mark))}</p></footer>` : ''}<script>${ONE_MAP_SCRIPT}</script></body></html>
`;
}

function frameOf(boxes: readonly Box[]): MapFrame | null {
  if (boxes.length === 0) return null;
  const [minLon, minLat, maxLon, maxLat] = boxes.reduce((a, b) => [
    Math.min(a[0], b[0]),
    Math.min(a[1], b[1]),
    Math.max(a[2], b[2]),
    Math.max(a[3], b[3]),
  ]);
  const scale = metresPerDegree((minLat + maxLat) / 2);
  const [dLon, dLat] = [MARGIN_M / scale.lon, MARGIN_M / scale.lat];
  const [stepX, stepY] = [UNIT_M / scale.lon, -UNIT_M / scale.lat];
  return {
    width: Math.ceil((maxLon - minLon + 2 * dLon) / stepX),
    height: Math.ceil((maxLat - minLat + 2 * dLat) / -stepY),
    metresPerPixel: UNIT_M,
    transform: [minLon - dLon, stepX, 0, maxLat + dLat, 0, stepY],
  };
}

function toggle(kind: BoundaryKind, entries: readonly RegisterEntry[]): string {
  const { colour, dash } = BOUNDARY_STYLE[kind];
  const count = entries.filter(({ boundary }) => boundary.kind === kind).length;
  return `<label class="key"><input type="checkbox" data-kind="${kind}" checked><i style="border-color:${colour}${dash.length > 0 ? ';border-top-style:dashed' : ''}"></i>${bilingual(BOUNDARY_WORDS[kind])} ${count}</label>`;
}

function map(frame: MapFrame, drawn: readonly RegisterEntry[], entries: readonly RegisterEntry[]): string {
  const places = new Map(entries.map((entry, i) => [entry, i]));
  // Large ones first, so that what lies inside can be chosen.
  const paths = [...drawn]
    .sort((a, b) => b.boundary.areaM2 - a.boundary.areaM2 || (a.boundary.id < b.boundary.id ? -1 : 1))
    .map((entry) => {
      const { boundary, standing } = entry;
      const { colour, dash, widthPx } = BOUNDARY_STYLE[boundary.kind];
      const counts = ['valid', 'unknown'].includes(STANDINGS[standing].validity);
      return `<path data-name="${escapeHtml(boundary.name ?? boundary.number ?? kindText(boundary))}" data-i="${places.get(entry) ?? -1}" data-kind="${boundary.kind}"${counts ? '' : ' class="past"'} d="${svgPath(boundary.geometry, frame)}" fill="${colour}" stroke="${colour}" stroke-width="${widthPx}"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}><title>${escapeHtml(`${kindText(boundary)} ${titleOf(entry)}`)}</title></path>`;
    });
  return `<div class="map"><svg id="map" viewBox="0 0 ${frame.width} ${frame.height}" data-unit="${UNIT_M}">${paths.join('')}</svg>
<div class="zoom"><button type="button" data-zoom="0.5" aria-label="放大 zoom in">＋</button><button type="button" data-zoom="2" aria-label="缩小 zoom out">－</button><button type="button" data-zoom="0" aria-label="全图 whole">⤢</button></div><div id="labels" aria-hidden="true"></div><span class="bar" id="bar"></span></div>`;
}

function titleOf({ boundary: { name, number, id } }: RegisterEntry): string {
  return [name, number].filter((text) => text !== null).join(' ') || id;
}

const HEADS: readonly (readonly [zh: string, en: string])[] = [
  ['类别', 'kind'],
  ['编号', 'number'],
  ['名称', 'name'],
  ['权利人', 'holder'],
  ['状态', 'state'],
  ['有效期', 'term'],
  ['责任人', 'persons'],
  ['亩', 'mu'],
  ['来源', 'source'],
];

function table(entries: readonly RegisterEntry[]): string {
  const rows = entries.map((entry, i) => {
    const { boundary, file } = entry;
    const cells = [
      kindText(boundary),
      boundary.number ?? boundary.id,
      boundary.name ?? '',
      boundary.holder ?? '',
      standingText(entry),
      termText(boundary),
      personsText(boundary),
      numeral(muOf(boundary.areaM2), 2),
      `${file} 第 ${boundary.row} 行`,
    ];
    return `<tr data-i="${i}" data-kind="${boundary.kind}" tabindex="0">${cells.map((cell) => `<td class="wrap">${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${HEADS.map(([zh, en]) => `<th scope="col">${bilingual({ zh, en })}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
