/** A swipe figure: both dates of a place on top of each other, lines drawn over each; side by side on paper. */
import { type MapFrame, scaleBar, svgPath } from '../../geo/map-frame.js';
import type { BoundaryKind } from '../../model/boundary.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { BOUNDARY_STYLE, type LineStyle, PATCH_STYLE } from '../../model/map-style.js';
import { bilingual, escapeHtml } from './escape.js';

export interface FigureLine {
  readonly kind: BoundaryKind;
  /** What a pointer resting on the line is told. */
  readonly label: string;
  readonly geometry: MultiPolygonRings;
}

export interface FigurePatch {
  readonly rank: number;
  readonly geometry: MultiPolygonRings;
  readonly lon: number;
  readonly lat: number;
}

/** More numbers than this hide the picture; the outlines stay links. */
const MOST_NUMBERS = 40;

export interface Figure {
  readonly frame: MapFrame;
  readonly beforeJpeg: Uint8Array;
  readonly afterJpeg: Uint8Array;
  readonly dateBefore: string | null;
  readonly dateAfter: string | null;
  readonly lines: readonly FigureLine[];
  readonly patches: readonly FigurePatch[];
  /** Whether patches carry their rank and lead to their entry (on the overview). */
  readonly numbered: boolean;
  readonly description: string;
}

export function figureHtml(figure: Figure): string {
  const { frame } = figure;
  const bar = scaleBar(frame.metresPerPixel, frame.width * 0.3);
  return (
    `<figure class="swipe" style="aspect-ratio:${frame.width}/${frame.height};--ratio:${(frame.width / frame.height).toFixed(4)}">` +
    pane(figure, true) +
    pane(figure, false) +
    `<input type="range" min="0" max="100" value="50" step="1" aria-label="${escapeHtml(`左右拖动比较前后时相 (swipe): ${figure.description}`)}">` +
    `<span class="knob" aria-hidden="true"></span>` +
    hits(figure) +
    `<span class="bar" style="width:${((100 * bar.px) / frame.width).toFixed(2)}%">${bar.label}</span></figure>`
  );
}

function pane(figure: Figure, before: boolean): string {
  const { frame } = figure;
  const jpeg = before ? figure.beforeJpeg : figure.afterJpeg;
  const date = (before ? figure.dateBefore : figure.dateAfter) ?? '—';
  const name = before ? { zh: `前 ${date}`, en: 'before' } : { zh: `后 ${date}`, en: 'after' };
  const lines = figure.lines.map((line) =>
    stroke(svgPath(line.geometry, frame), BOUNDARY_STYLE[line.kind], `kind-${line.kind}`, line.label),
  );
  const patches = figure.patches.map((patch) => patchSvg(patch, figure, before));
  return (
    `<div class="pane ${before ? 'before' : 'after'}">` +
    `<img alt="${escapeHtml(`${name.zh} ${figure.description}`)}" src="data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}">` +
    `<svg viewBox="0 0 ${frame.width} ${frame.height}" preserveAspectRatio="none" aria-hidden="true">${lines.join('')}${patches.join('')}</svg>` +
    `<b class="date">${bilingual(name)}</b></div>`
  );
}

function patchSvg(patch: FigurePatch, { frame, numbered }: Figure, before: boolean): string {
  const style: LineStyle = before ? { ...PATCH_STYLE, dash: [5, 4] } : PATCH_STYLE;
  const outline = stroke(svgPath(patch.geometry, frame), style, 'patch', `#${patch.rank}`);
  if (!numbered || patch.rank > MOST_NUMBERS) return outline;
  const x = (patch.lon - frame.transform[0]) / frame.transform[1];
  const y = (patch.lat - frame.transform[3]) / frame.transform[5];
  return `${outline}<text x="${x.toFixed(1)}" y="${y.toFixed(1)}">${patch.rank}</text>`;
}

/** Transparent links over the swipe handle: a patch on the overview leads to its entry. */
function hits({ frame, patches, numbered }: Figure): string {
  if (!numbered) return '';
  const links = patches.map(({ rank, geometry, lon, lat }) => {
    const x = ((lon - frame.transform[0]) / frame.transform[1]).toFixed(1);
    const y = ((lat - frame.transform[3]) / frame.transform[5]).toFixed(1);
    return `<a href="#patch-${rank}" aria-label="#${rank}"><title>#${rank}</title><path d="${svgPath(geometry, frame)}"/><circle cx="${x}" cy="${y}" r="16"/></a>`;
  });
  return `<svg class="hits" viewBox="0 0 ${frame.width} ${frame.height}" preserveAspectRatio="none">${links.join('')}</svg>`;
}

function stroke(path: string, style: LineStyle, className: string, label: string): string {
  const dash = style.dash.length > 0 ? ` stroke-dasharray="${style.dash.join(' ')}"` : '';
  return (
    `<g class="${className}"><title>${escapeHtml(label)}</title>` +
    `<path class="case" d="${path}" stroke-width="${style.widthPx + 1.6}"${dash}/>` +
    `<path d="${path}" stroke="${style.colour}" stroke-width="${style.widthPx}"${dash}/></g>`
  );
}
