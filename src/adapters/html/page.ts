/** The report as one HTML text: figures in, page out. Pure; every text is escaped; nothing is loaded from anywhere. */
import { mapLinks } from '../../geo/map-links.js';
import { BOUNDARY_KINDS, type BoundaryKind } from '../../model/boundary.js';
import { outsideText, pieceText, settledBy, toleranceText } from '../../model/judgement-text.js';
import { BOUNDARY_STYLE, PATCH_STYLE } from '../../model/map-style.js';
import type { JudgedPatch } from '../../model/patch.js';
import { BOUNDARY_WORDS, CHANGE_WORDS, muOf, OVERLAP_WORDS, VIOLATION_WORDS, type Words } from '../../model/words.js';
import { bilingual, escapeHtml, numeral } from './escape.js';
import { REPORT_SCRIPT } from './report-script.js';
import { REPORT_STYLE } from './report-style.js';

/** A line of the page's head: what was measured or assumed. */
export interface ReportFact {
  readonly words: Words;
  readonly value: string;
}

export interface PageContent {
  readonly title: string;
  readonly facts: readonly ReportFact[];
  /** Plain sentences that a reader must know: assumptions, what was not judged. */
  readonly remarks: readonly string[];
  readonly judged: readonly JudgedPatch[];
  /** Swipe figures of the whole area, ready HTML. */
  readonly overviews: readonly string[];
  /** Swipe figures by rank − 1, ready HTML; null where only the table has the patch. */
  readonly pictures: readonly (string | null)[];
  /** Chinese names of boundaries by id, for the overlap lists. */
  readonly boundaryNames: ReadonlyMap<string, string>;
  readonly kinds: readonly BoundaryKind[];
  readonly provenance: readonly ReportFact[];
  readonly notice: string;
}

const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function reportPage(content: PageContent): string {
  const { judged } = content;
  const cards = judged.map((one, i) => card(one, i + 1, content)).join('');
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(content.title)}</title><style>${REPORT_STYLE}</style></head><body>
<header><h1>${escapeHtml(content.title)}</h1>
<p class="caution">${bilingual({ zh: '以下均为疑似线索，不是违法认定；以实地核查为准。', en: 'These are suspicions from imagery, not verdicts; what counts is the check on site.' })}</p>
<ul class="facts">${content.facts.map(fact).join('')}</ul>
${content.remarks.length > 0 ? `<ul class="remarks">${content.remarks.map((remark) => `<li>${escapeHtml(remark)}</li>`).join('')}</ul>` : ''}</header>
<main><h2>${bilingual({ zh: '总览', en: 'Overview' })}</h2>
<div class="tools"><label><input type="checkbox" id="lines" checked> ${bilingual({ zh: '显示登记界线', en: 'register lines' })}</label>${legend(content.kinds)}</div>
<div class="overviews">${content.overviews.join('')}</div>
<h2>${bilingual({ zh: `疑似图斑 ${judged.length} 个`, en: `${judged.length} patches` })}</h2>
${judged.length > 0 ? table(judged) : `<p class="none">${bilingual({ zh: '没有发现图斑。未看到的地方不等于没有变化。', en: 'No patch was found. What was not seen is not unchanged.' })}</p>`}
${cards}</main>
<footer><h2>${bilingual({ zh: '来源与方法', en: 'Provenance' })}</h2>
<dl>${content.provenance.map(({ words, value }) => `<dt>${bilingual(words)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>
<p>${escapeHtml(content.notice)}</p></footer>
<script>${REPORT_SCRIPT}</script></body></html>
`;
}

function fact({ words, value }: ReportFact): string {
  return `<li>${bilingual(words)}<b>${escapeHtml(value)}</b></li>`;
}

function legend(kinds: readonly BoundaryKind[]): string {
  const key = (colour: string, dashed: boolean, words: Words) =>
    `<span class="key"><i style="border-color:${colour}${dashed ? ';border-top-style:dashed' : ''}"></i>${bilingual(words)}</span>`;
  return [
    key(PATCH_STYLE.colour, false, { zh: '图斑', en: 'patch' }),
    ...BOUNDARY_KINDS.filter((kind) => kinds.includes(kind)).map((kind) =>
      key(BOUNDARY_STYLE[kind].colour, BOUNDARY_STYLE[kind].dash.length > 0, BOUNDARY_WORDS[kind]),
    ),
  ].join('');
}

const COLUMNS: readonly { words: Words; sort: 'number' | 'text' }[] = [
  { words: { zh: '序', en: 'rank' }, sort: 'number' },
  { words: { zh: '编号', en: 'id' }, sort: 'text' },
  { words: { zh: '疑似类型', en: 'suspicion' }, sort: 'text' },
  { words: { zh: '优先级', en: 'score' }, sort: 'number' },
  { words: { zh: '面积 m²', en: 'area' }, sort: 'number' },
  { words: { zh: '亩', en: 'mu' }, sort: 'number' },
  { words: { zh: '界外 m²', en: 'outside' }, sort: 'number' },
  { words: { zh: '最远出界 m', en: 'furthest' }, sort: 'number' },
  { words: { zh: '许可证号', en: 'licence' }, sort: 'text' },
  { words: { zh: '把握', en: 'confidence' }, sort: 'number' },
  { words: { zh: '经度', en: 'lon' }, sort: 'number' },
  { words: { zh: '纬度', en: 'lat' }, sort: 'number' },
];

function table(judged: readonly JudgedPatch[]): string {
  const head = COLUMNS.map(
    ({ words, sort }) =>
      `<th scope="col" data-sort="${sort}"${sort === 'number' ? ' class="n"' : ''}><button type="button">${bilingual(words)}</button></th>`,
  ).join('');
  const number = (value: number | null, decimals: number) =>
    `<td class="n" data-value="${value ?? -1}">${value === null ? '—' : numeral(value, decimals)}</td>`;
  const rows = judged.map(({ patch, judgement }, i) => {
    const words = judgement.violations.map((code) => VIOLATION_WORDS[code].zh).join('、');
    return (
      `<tr>${number(i + 1, 0)}<td><a href="#patch-${i + 1}">${escapeHtml(patch.id)}</a></td><td class="wrap">${escapeHtml(words || '—')}</td>` +
      number(judgement.score, 1) +
      number(patch.areaM2, 0) +
      number(muOf(patch.areaM2), 2) +
      number(judgement.outsideM2, 0) +
      number(judgement.outsideM, 0) +
      `<td>${escapeHtml(judgement.licenceNo ?? '—')}</td>` +
      number(patch.confidence, 2) +
      number(patch.lon, 6) +
      `${number(patch.lat, 6)}</tr>`
    );
  });
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function card({ patch, judgement }: JudgedPatch, rank: number, content: PageContent): string {
  const picture =
    content.pictures[rank - 1] ??
    `<p class="none">${bilingual({ zh: '排名靠后，本页不附图', en: 'ranked low: no picture on this page' })}</p>`;
  const tags = judgement.violations.map(
    (code) => `<span class="tag ${code}">${bilingual(VIOLATION_WORDS[code])}</span>`,
  );
  const row = (words: Words, value: string) => `<dt>${bilingual(words)}</dt><dd>${escapeHtml(value)}</dd>`;
  const reasons = [...judgement.reasons, ...patch.reasons].map((reason) => `<li>${escapeHtml(reason)}</li>`);
  return (
    `<section class="card" id="patch-${rank}"><div>${picture}</div><div>` +
    `<h3>${rank}. ${escapeHtml(patch.id)}</h3><p>${tags.join('')}</p><dl>` +
    row({ zh: '优先级', en: 'score' }, `${numeral(judgement.score, 1)} / 100`) +
    row({ zh: '面积', en: 'area' }, `${numeral(patch.areaM2)} m² = ${numeral(muOf(patch.areaM2), 2)} 亩`) +
    (judgement.outsideM2 > 0 ? row({ zh: '界外', en: 'outside' }, outsideText(judgement)) : '') +
    row({ zh: '变化', en: 'change' }, CHANGE_WORDS[patch.changeType].zh) +
    row({ zh: '时相', en: 'dates' }, `${patch.dateBefore ?? '不详'} → ${patch.dateAfter ?? '不详'}`) +
    row({ zh: '中心', en: 'centre' }, `${patch.lon.toFixed(6)}, ${patch.lat.toFixed(6)} (CGCS2000)`) +
    row({ zh: '位置误差', en: 'position, 1σ' }, `± ${numeral(patch.sigmaM, 1)} m`) +
    row({ zh: '看到的比例', en: 'seen' }, `${numeral(patch.seenShare * 100, 0)} %`) +
    row({ zh: '容差', en: 'tolerance' }, toleranceText(judgement)) +
    `<dt>${bilingual({ zh: '地图', en: 'maps' })}</dt><dd>${links(patch)}</dd>` +
    `</dl>${parts(judgement)}<ul class="reasons">${reasons.join('')}</ul>${pieces(judgement)}${listed({ zh: '如何查清', en: 'what settles it' }, settledBy(judgement))}${overlaps(judgement, content)}</div></section>`
  );
}

/** For a person to click; opening one tells that site the place. */
function links({ lon, lat }: JudgedPatch['patch']): string {
  return mapLinks(lon, lat)
    .map(({ zh, url }) => `<a href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer">${zh}</a>`)
    .join('　');
}

/** The parts of a patch that lie under different titles. */
function pieces({ pieces: list }: JudgedPatch['judgement']): string {
  return listed({ zh: '地块', en: 'parts' }, list.map(pieceText));
}

function listed(head: Words, texts: readonly string[]): string {
  if (texts.length === 0) return '';
  const items = texts.map((text) => `<li>${escapeHtml(text)}</li>`);
  return `<h4>${bilingual(head)}</h4><ul class="reasons">${items.join('')}</ul>`;
}

function parts({ parts: list }: JudgedPatch['judgement']): string {
  const items = list.map(
    ({ name, points, most, evidence, change }) =>
      `<li><span>${escapeHtml(name)}</span><b>${numeral(points, 1)} / ${numeral(most, 1)}</b><span class="meter"><i style="width:${(most > 0 ? (100 * points) / most : 0).toFixed(1)}%"></i></span><small>${escapeHtml(`${evidence}；会改变它的：${change}`)}</small></li>`,
  );
  return items.length > 0 ? `<ul class="parts">${items.join('')}</ul>` : '';
}

function overlaps({ overlaps: list }: JudgedPatch['judgement'], { boundaryNames }: PageContent): string {
  const touching = list.filter((overlap) => overlap.areaInsideM2 > 0);
  if (touching.length === 0) return '';
  const items = touching.map(
    (overlap) =>
      `<li>${escapeHtml(BOUNDARY_WORDS[overlap.kind].zh)} ${escapeHtml(boundaryNames.get(overlap.boundaryId) ?? overlap.boundaryId)}：${numeral(overlap.areaInsideM2)} m²，${OVERLAP_WORDS[overlap.verdict].zh}</li>`,
  );
  return `<details><summary>${bilingual({ zh: '套合', en: 'overlaps' })}</summary><ul>${items.join('')}</ul></details>`;
}
