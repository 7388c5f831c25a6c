/**
 * Mask codes: which values of a sensor's mask layer mean that the ground was not seen. Cloud, cloud shadow, snow and missing
 * data count; dark ground, water and terrain shadow do not (a deep pit may be dark, and it is what we look for).
 */
import { Fault } from './fault.js';
import type { MaskCode } from './raster.js';

export interface MaskReading {
  /** Whether a raw value means "seen". */
  seen(value: number): boolean;
  /** Whether a raw value can occur in such a layer at all. */
  known(value: number): boolean;
  /** Raw value that stands for places the layer does not cover. */
  readonly outside: number;
  readonly name: string;
}

/**
 * Sen2Cor scene classification (ESA, Sentinel-2 MSI L2A Algorithm Theoretical Basis Document, table of classes): 0 no data,
 * 1 saturated or defective, 2 dark or topographic shadow, 3 cloud shadow, 4 vegetation, 5 not vegetated, 6 water,
 * 7 unclassified, 8 cloud medium probability, 9 cloud high probability, 10 thin cirrus, 11 snow or ice.
 */
const SCL_NOT_SEEN: ReadonlySet<number> = new Set([0, 1, 3, 8, 9, 10, 11]);

/**
 * Landsat Collection 2 QA_PIXEL (USGS LSDS-1619 and LSDS-1618): bit 0 fill, 1 dilated cloud, 2 cirrus, 3 cloud,
 * 4 cloud shadow, 5 snow, 6 clear, 7 water, then confidences.
 */
const QA_PIXEL_NOT_SEEN = 0b11_1111;

/**
 * Fmask 4 (Qiu, Zhu, He 2019): 0 clear land, 1 clear water, 2 cloud shadow, 3 snow, 4 cloud, 255 no observation. The layer of the
 * same name in HLS (Harmonized Landsat Sentinel-2 User Guide 2.0, table 9) holds bits: 0 cirrus, 1 cloud, 2 adjacent to cloud or
 * shadow, 3 cloud shadow, 4 snow or ice, 5 water, 6–7 aerosol; 255 fill. Up to 4 both readings agree on what is not seen (1 alone
 * does not occur in HLS 2.0, where cirrus is not used), so that one rule serves both.
 */
const FMASK_CODES = 4;
const HLS_NOT_SEEN = 0b1_1111;

export const MASK_READINGS: Readonly<Record<Exclude<MaskCode, 'vector'>, MaskReading>> = {
  scl: {
    seen: (value) => !SCL_NOT_SEEN.has(value),
    known: (value) => Number.isInteger(value) && value >= 0 && value <= 11,
    outside: 0,
    name: 'Sentinel-2 SCL',
  },
  qa_pixel: {
    seen: (value) => (value & QA_PIXEL_NOT_SEEN) === 0,
    known: (value) => Number.isInteger(value) && value >= 0 && value <= 65535,
    outside: 1,
    name: 'Landsat QA_PIXEL',
  },
  fmask: {
    seen: (value) => value <= 1 || (value > FMASK_CODES && value !== 255 && (value & HLS_NOT_SEEN) === 0),
    known: (value) => Number.isInteger(value) && value >= 0 && value <= 255,
    outside: 255,
    name: 'Fmask',
  },
  // outside of a hand-made mask nothing is masked; NaN is no statement that the ground was seen
  nonzero: { seen: (value) => value === 0, known: () => true, outside: 0, name: 'mask' },
};

/** For a value that the named layer cannot hold: most likely it is another layer. */
export function unknownMaskValue(code: Exclude<MaskCode, 'vector'>, value: number, path: string): Fault {
  const { name } = MASK_READINGS[code];
  return new Fault(
    'mask.code',
    `${path} 中有像元值 ${value}，不是 ${name} 的编码；请核对 --mask 的前缀（scl:、qa_pixel:、fmask:，或不写） ` +
      `(value ${value} does not occur in a ${name} layer: check the prefix of --mask)`,
  );
}
