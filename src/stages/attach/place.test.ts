/** A photo beside its patch, and what its name promises. */
import { describe, expect, it } from 'vitest';
import type { PhotoFacts } from '../../model/evidence.js';
import { PLACE, square } from '../../testing/file-ground.js';
import { labelOf, nameAgainstContent } from './family.js';
import { photoPlace } from './place.js';

const FACTS: PhotoFacts = {
  takenAt: '2026-10-12T09:40:00',
  offset: '+08:00',
  lon: PLACE.lon,
  lat: PLACE.lat,
  statedDatum: null,
  accuracyM: null,
  headingDeg: null,
  headingFrom: null,
  device: null,
  software: null,
  width: 1,
  height: 1,
  exif: true,
  truncated: false,
};
const OUTLINE = square(PLACE.lon, PLACE.lat);
const at = (east: number, north: number, more: Partial<PhotoFacts> = {}) =>
  photoPlace({ ...FACTS, lon: PLACE.lon + east, lat: PLACE.lat + north, ...more }, null, OUTLINE, 45);

describe('a photo beside the patch', () => {
  it('is nowhere outside when taken within, and looks at it whatever its heading', () => {
    expect(at(0, 0, { headingDeg: 123 })).toMatchObject({ distanceM: 0, bearingDeg: null, pointsAtPatch: true });
    expect(at(0, 0)).toMatchObject({ distanceM: 0, pointsAtPatch: null });
  });

  it('has its distance from the nearest edge, on the ellipsoid', () => {
    // 0.01 degree of latitude at 29.4 N is 1108.6 m; the edge lies 0.0004 degree from the middle.
    expect(at(0, 0.0104).distanceM).toBeCloseTo(1108.6, 0);
    expect(at(0, 0.0104).bearingDeg).toBeCloseTo(180, 1);
    expect(at(-0.0104, 0).distanceM).toBeCloseTo(970.4, 0);
  });

  it('points at the patch within its width and the tolerance, across north, too', () => {
    const south = (headingDeg: number) => at(0, -0.004, { headingDeg }).pointsAtPatch;
    // Half of the patch spans some 5 degrees from there.
    expect([0, 350, 49, 311].map(south)).toEqual([true, true, true, true]);
    expect([52, 308, 90, 180, 270].map(south)).toEqual([false, false, false, false, false]);
  });

  it('is taken in China’s time where no offset stands, and in no time where none stands', () => {
    expect(at(0, 0, { offset: null })).toMatchObject({ takenAt: '2026-10-12T01:40:00.000Z', offsetAssumed: true });
    expect(at(0, 0, { offset: '+00:00' })).toMatchObject({ takenAt: '2026-10-12T09:40:00.000Z', offsetAssumed: false });
    expect(at(0, 0, { takenAt: null })).toMatchObject({ takenAt: null, offsetAssumed: false });
  });

  it('asks for the datum and never guesses it: what the sender says goes first, then the file, then the format’s WGS 84', () => {
    expect(at(0, 0)).toMatchObject({ datum: 'WGS84', datumAssumed: true });
    expect(at(0, 0, { statedDatum: 'WGS-84' })).toMatchObject({ datum: 'WGS84', datumAssumed: false });
    expect(at(0, 0, { statedDatum: 'TOKYO' })).toMatchObject({ datum: 'WGS84', datumAssumed: true });
    const shifted = photoPlace({ ...FACTS, statedDatum: 'WGS-84' }, 'GCJ-02', OUTLINE, 45);
    // The numbers stay as they were stated; only the distance knows better, to 10 m.
    expect(shifted).toMatchObject({ datum: 'GCJ-02', lon: PLACE.lon, lat: PLACE.lat });
    expect(shifted.distanceM).toBeGreaterThan(300);
    expect((shifted.distanceM ?? 1) % 10).toBe(0);
    expect(photoPlace({ ...FACTS, lon: null, lat: null }, null, OUTLINE, 45)).toMatchObject({
      datum: null,
      distanceM: null,
    });
  });
});

describe('what a name promises', () => {
  it('may be another picture, or nothing, but no other kind of thing', () => {
    expect(nameAgainstContent('a.JPG', 'image/jpeg')).toBe('same');
    expect(nameAgainstContent('微信图片_2026', 'image/jpeg')).toBe('same');
    expect(nameAgainstContent('a.jpg', 'image/webp')).toBe('differs');
    expect(nameAgainstContent('a.heic', 'image/jpeg')).toBe('differs');
    expect(nameAgainstContent('a.heic', 'application/pdf')).toBe('disguised');
    expect(nameAgainstContent('a.jpg.exe', 'image/jpeg')).toBe('disguised');
  });

  it('is a label without folders, control or direction characters', () => {
    expect(labelOf('C:\\x\\照片 1.jpg')).toBe('照片 1.jpg');
    expect(labelOf('a\u202egpj.\u0000exe')).toBe('agpj.exe');
    expect(labelOf('../..')).toBe('..');
    expect([...labelOf('长'.repeat(500))]).toHaveLength(120);
  });
});
