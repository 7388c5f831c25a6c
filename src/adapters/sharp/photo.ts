/**
 * photo: what a picture says of itself (EXIF), whether it decodes, and a preview that is drawn anew from its pixels alone: no metadata, no other
 * bytes of the original. What EXIF holds is taken as it stands; what does not fit is left out, not mended. Few pictures are open at once, and
 * none that would take memory without measure.
 */
import sharp, { type Metadata } from 'sharp';
import type { PhotoFacts } from '../../model/evidence.js';
import { Fault } from '../../model/fault.js';
import { type ExifFields, type ExifValue, GPS, IMAGE, NO_EXIF, PHOTO, readExif } from './exif.js';
import { fewAtOnce } from './few-at-once.js';

/** Pixels that a picture may have: a 100-megapixel camera and some more; beyond lies what is made to fill memory. */
const MOST_PIXELS = 200_000_000;
/** Of one whose lines come in several passes: it is unpacked as a whole, not line by line. */
const MOST_WHOLE_BYTES = 400_000_000;
const OPEN_AT_ONCE = 2;
const inTurn = fewAtOnce(OPEN_AT_ONCE);

/** Fault evidence.broken: no picture comes out of it. */
export function readPhoto(path: string): Promise<PhotoFacts> {
  const input = { limitInputPixels: MOST_PIXELS, sequentialRead: true } as const;
  return inTurn(async () => {
    try {
      const { width, height, exif, ...how } = await sharp(path, { ...input, failOn: 'none' }).metadata();
      refuseBoundless({ width, height, ...how });
      const decodes = (failOn: 'none' | 'truncated') =>
        sharp(path, { ...input, failOn })
          .resize(64, 64, { fit: 'inside' })
          .raw()
          .toBuffer();
      const whole = await decodes('truncated').then(
        () => true,
        () => false,
      );
      if (!whole) await decodes('none');
      return { ...factsOf(exif ? readExif(exif) : NO_EXIF), width, height, truncated: !whole };
    } catch (cause) {
      throw new Fault(
        'evidence.broken',
        '图像打不开，可能已损坏或过大 (the picture cannot be opened: damaged, or too large)',
        { cause },
      );
    }
  });
}

function refuseBoundless(how: Pick<Metadata, 'width' | 'height' | 'channels' | 'depth' | 'isProgressive'>): void {
  const samples = how.width * how.height * how.channels;
  if (how.isProgressive !== true || samples * (how.depth === 'uchar' ? 1 : 2) <= MOST_WHOLE_BYTES) return;
  throw new Error('too large to be unpacked as a whole');
}

/** Fault evidence.broken. */
export function previewJpeg(path: string, maxPx: number): Promise<Uint8Array> {
  return inTurn(async () => {
    try {
      return await sharp(path, { limitInputPixels: MOST_PIXELS, sequentialRead: true, failOn: 'none' })
        .autoOrient()
        .resize(maxPx, maxPx, { fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#ffffff' })
        .jpeg({ quality: 82 })
        .toBuffer();
    } catch (cause) {
      throw new Fault('evidence.broken', '图像打不开，可能已损坏 (the picture cannot be opened)', { cause });
    }
  });
}

function factsOf({ image, photo, gps, entries }: ExifFields): Omit<PhotoFacts, 'width' | 'height' | 'truncated'> {
  const lat = degrees(gps.get(GPS.lat), sign(gps.get(GPS.latRef), 'N', 'S'), 90);
  const lon = degrees(gps.get(GPS.lon), sign(gps.get(GPS.lonRef), 'E', 'W'), 180);
  // Cameras without a fix write zeros.
  const fixed = lat !== null && lon !== null && (lat !== 0 || lon !== 0);
  const heading = number(gps.get(GPS.heading));
  const headingDeg = heading !== null && heading <= 360 ? heading % 360 : null;
  const ref = text(gps.get(GPS.headingRef));
  return {
    exif: entries > 0,
    takenAt: local(photo.get(PHOTO.takenAt)),
    offset: offset(photo.get(PHOTO.offset)),
    lon: fixed ? lon : null,
    lat: fixed ? lat : null,
    statedDatum: text(gps.get(GPS.datum)),
    accuracyM: number(gps.get(GPS.accuracy)),
    headingDeg,
    headingFrom: headingDeg === null ? null : ref === 'M' ? 'magnetic' : ref === 'T' ? 'true' : null,
    device:
      [text(image.get(IMAGE.make)), text(image.get(IMAGE.model))].filter((part) => part !== null).join(' ') || null,
    software: text(image.get(IMAGE.software)) ?? text(image.get(IMAGE.processing)),
  };
}

function text(value: ExifValue | undefined): string | null {
  if (typeof value !== 'string') return null;
  const plain = value
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 120);
  return plain === '' ? null : plain;
}

/** None of those that are read is ever below zero. */
function number(value: ExifValue | undefined): number | null {
  if (value === undefined || typeof value === 'string' || value.length !== 1) return null;
  const [one = Number.NaN] = value;
  return Number.isFinite(one) && one >= 0 ? one : null;
}

/** The letter says on which side of the equator or of Greenwich; without it there is no position, and none is guessed. */
function sign(value: ExifValue | undefined, plus: string, minus: string): 1 | -1 | null {
  const letter = text(value)?.toUpperCase();
  return letter === plus ? 1 : letter === minus ? -1 : null;
}

function degrees(value: ExifValue | undefined, side: 1 | -1 | null, most: number): number | null {
  if (side === null || value === undefined || typeof value === 'string' || value.length === 0) return null;
  const [whole = 0, minutes = 0, seconds = 0] = value;
  // Written as NaN where a part is 0/0. Seconds may be rounded up to a full minute.
  const fits = [whole <= most, minutes < 60, seconds <= 60].every(Boolean) && value.every((part) => part >= 0);
  if (!fits) return null;
  const result = Math.round((whole + minutes / 60 + seconds / 3600) * 1e8) / 1e8;
  return result > most ? null : result === 0 ? 0 : side * result;
}

/** The camera's own numerals; a clock that was never set (0000:00:00) or shows a day that does not exist says nothing. */
function local(value: ExifValue | undefined): string | null {
  const found = /^((?:19|2\d)\d\d):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text(value) ?? '');
  if (!found) return null;
  const [, year, month, day, time] = found;
  const stated = `${year}-${month}-${day}T${time}`;
  const read = new Date(`${stated}Z`);
  return Number.isFinite(read.getTime()) && read.toISOString().slice(0, 19) === stated ? stated : null;
}

function offset(value: ExifValue | undefined): string | null {
  const found = text(value);
  return found !== null && /^[+-](0\d|1[0-4]):[0-5]\d$/.test(found) ? found : null;
}
