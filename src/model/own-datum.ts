/**
 * OwnDatum: a bureau's own transformation parameters from a classified datum to CGCS2000. They are secret (the ministry's are
 * 绝密): they go from the workspace's file to the child that converts and nowhere else; what may be said is the digest.
 */
import type { Datum } from './corners.js';

/** Bursa-Wolf. The rotations turn the frame or the position vector: opposite signs, so it must be told. */
export interface SevenParameters {
  readonly convention: 'coordinate-frame' | 'position-vector';
  readonly translationM: readonly [x: number, y: number, z: number];
  readonly rotationArcsec: readonly [x: number, y: number, z: number];
  readonly scalePpm: number;
}

export type ClassifiedDatum = Extract<Datum, 'Xian80' | 'Beijing54'>;

export interface OwnDatum {
  /** Tells one set of parameters from another without saying anything of them. */
  readonly digest: string;
  readonly parameters: Readonly<Partial<Record<ClassifiedDatum, SevenParameters>>>;
}

/** An attribute of every polygon that was converted so, and its value. */
export const OWN_DATUM_ATTRIBUTE = '坐标转换';
export const OWN_DATUM_WORDS = '由本单位自有参数转换';

/** Plane coordinates, degrees with five decimals or more, 110°30′: a source coordinate beside a converted one gives the parameters away. */
const COORDINATE = /(?<!\d)\d{6,8}\.\d|(?<!\d)\d{2,3}\.\d{5}|\d[°º度]\s*\d/;

/** The attributes of a converted polygon: marked, and without any value that looks like a coordinate of its source. */
export function withoutSourceCoordinates<T extends string | number | null>(
  attributes: Readonly<Record<string, T>>,
): Record<string, T | string> {
  const kept = Object.entries(attributes).filter(
    ([name, value]) => !/^拐点坐标/.test(name) && !COORDINATE.test(String(value)),
  );
  return { ...Object.fromEntries(kept), [OWN_DATUM_ATTRIBUTE]: OWN_DATUM_WORDS };
}
