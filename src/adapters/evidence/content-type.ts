/** contentType: what a file is by its bytes; its name and what a browser says are not asked. */
import { open, readFile } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import { EVIDENCE_TYPES, type EvidenceType } from '../../model/evidence.js';

/** Tracks are text and read whole: larger ones are not tracks. */
const MOST_TEXT_BYTES = 64 * 1024 * 1024;

export interface ContentType {
  /** Null = nothing that may be attached. */
  readonly type: EvidenceType | null;
  /** What it seems to be, for the message. */
  readonly seems: string;
}

export async function contentType(path: string, bytes: number): Promise<ContentType> {
  const found = await fileTypeFromFile(path);
  const mime = found?.mime ?? null;
  if (mime !== null && Object.hasOwn(EVIDENCE_TYPES, mime)) return { type: mime as EvidenceType, seems: mime };
  if (mime === null || mime === 'application/xml') {
    const text = bytes <= MOST_TEXT_BYTES ? await textOf(path) : null;
    if (text !== null) return trackOf(text, mime);
  }
  return { type: null, seems: mime ?? 'unknown' };
}

/** Null: no text. */
async function textOf(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    if (buffer.subarray(0, bytesRead).includes(0)) return null;
  } finally {
    await file.close();
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch {
    return null;
  }
}

function trackOf(text: string, mime: string | null): ContentType {
  // The root element behind declaration, comments and blank space; what declares entities is no track.
  const root = /^\uFEFF?\s*(?:<\?xml[^>]*\?>)?(?:\s|<!--[\s\S]*?-->)*<([A-Za-z:]+)[\s>]/.exec(text)?.[1];
  if (root === 'gpx') return { type: 'application/gpx+xml', seems: 'application/gpx+xml' };
  if (isGeoJson(text)) return { type: 'application/geo+json', seems: 'application/geo+json' };
  return { type: null, seems: mime ?? (root === undefined ? 'text' : `text <${root}>`) };
}

const GEOJSON_TYPES = [
  'FeatureCollection',
  'Feature',
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
  'GeometryCollection',
];

function isGeoJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return (
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      GEOJSON_TYPES.some((type) => type === value.type)
    );
  } catch {
    return false;
  }
}
