/** taskMap: outline of a patch, register polygons near it, and where its photos were taken, as one SVG. Pure; every text is escaped. */
import { boxOf } from '../../geo/distance.js';
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import { boxesMeet, type MapFrame, scaleBar, squareBoxAround, svgPath } from '../../geo/map-frame.js';
import type { BoundaryKind } from '../../model/boundary.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { BOUNDARY_STYLE, type LineStyle, PATCH_STYLE } from '../../model/map-style.js';
import { escapeHtml } from './escape.js';

export interface TaskMapContent {
  readonly title: string;
  readonly outline: MultiPolygonRings;
  readonly boundaries: readonly { readonly kind: BoundaryKind; readonly geometry: MultiPolygonRings }[];
  /** In lon/lat as the camera said. */
  readonly photos: readonly { readonly label: string; readonly lon: number; readonly lat: number }[];
}

const SIDE_PX = 900;

export function taskMap({ title, outline, boundaries, photos }: TaskMapContent): string {
  const box = squareBoxAround(outline);
  const [minLon, minLat, maxLon, maxLat] = box;
  const scale = metresPerDegree((minLat + maxLat) / 2);
  const frame: MapFrame = {
    width: SIDE_PX,
    height: SIDE_PX,
    metresPerPixel: ((maxLat - minLat) * scale.lat) / SIDE_PX,
    transform: [minLon, (maxLon - minLon) / SIDE_PX, 0, maxLat, 0, (minLat - maxLat) / SIDE_PX],
  };
  const near = boundaries.filter(({ geometry, kind }) => kind !== 'admin' && boxesMeet(boxOf(geometry), box));
  const bar = scaleBar(frame.metresPerPixel, SIDE_PX * 0.4);
  const marks = photos.map(({ label, lon, lat }) => {
    const x = ((lon - minLon) / (maxLon - minLon)) * SIDE_PX;
    const y = ((maxLat - lat) / (maxLat - minLat)) * SIDE_PX;
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5" fill="#06c" stroke="#fff"/><text x="${(x + 8).toFixed(1)}" y="${(y + 5).toFixed(1)}" font-size="14">${escapeHtml(label)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE_PX} ${SIDE_PX + 60}" width="${SIDE_PX}" height="${SIDE_PX + 60}" font-family="'Noto Sans CJK SC',sans-serif">
<rect width="100%" height="100%" fill="#fff"/><svg width="${SIDE_PX}" height="${SIDE_PX}"><rect width="100%" height="100%" fill="#f5f5f0"/>
${near.map(({ kind, geometry }) => line(svgPath(geometry, frame), BOUNDARY_STYLE[kind])).join('\n')}
${line(svgPath(outline, frame), PATCH_STYLE)}
${marks.join('\n')}
<path d="M30 60L22 92L30 84L38 92Z"/><text x="24" y="52" font-size="16">N</text></svg>
<g transform="translate(20,${SIDE_PX + 34})"><path d="M0 0h${bar.px}" stroke="#000" stroke-width="4"/><text x="${bar.px + 10}" y="6" font-size="16">${bar.label}</text></g>
<text x="${SIDE_PX - 20}" y="${SIDE_PX + 40}" text-anchor="end" font-size="16">${escapeHtml(title)}　CGCS2000</text>
</svg>
`;
}

function line(path: string, { colour, widthPx, dash }: LineStyle): string {
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${widthPx}"${dashes}/>`;
}
