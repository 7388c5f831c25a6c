/** contentType: what a file is by its bytes; its name and what a browser says are not asked. */
import { open, readFile } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import { EVIDENCE_TYPES, type EvidenceType } from '../../model/evidence.js';
import { typeOfJson } from './type-of-json.js';

/** Tracks are text and read whole: larger ones are not tracks. */
const MOST_TEXT_BYTES = 64 * 1024 * 1024;

export interface ContentType {
  /** Null = nothing that may be attached. */
  readonly type: EvidenceType | null;
  /** What it seems to be, for the message. */
  readonly seems: string;
}

export async function contentType(path: string, bytes: number): Promise<ContentType> {
  // What it cannot make sense of is nothing that it knows.
  const found = await fileTypeFromFile(path).catch(() => undefined);
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
  const root = rootOf(text);
  if (root === 'gpx') return { type: 'application/gpx+xml', seems: 'application/gpx+xml' };
  if (root === null && isGeoJson(text)) return { type: 'application/geo+json', seems: 'application/geo+json' };
  return { type: null, seems: mime ?? (root === null ? 'text' : `text <${root}>`) };
}

/**
 * The root element behind declaration, comments and blank space; null = none. What declares entities is no track. Read from left to right, never
 * back: a search by one expression takes time without end on a file of nothing but blanks.
 */
function rootOf(text: string): string | null {
  const blank = /[\s\uFEFF]*/y;
  const name = /<([A-Za-z:]{1,60})[\s>]/y;
  for (let at = 0; at < text.length; ) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?xml', at) ? '?>' : null;
    if (end === null) {
      name.lastIndex = at;
      return name.exec(text)?.[1] ?? null;
    }
    const found = text.indexOf(end, at);
    if (found < 0) return null;
    at = found + end.length;
  }
  return null;
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

const isGeoJson = (text: string): boolean => GEOJSON_TYPES.includes(typeOfJson(text) ?? '');
