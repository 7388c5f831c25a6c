/** What the report and the API need of a picture library. */

/** 8-bit RGB, interleaved, row by row. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  /** 0 = transparent, 255 = opaque; one per pixel. Left out: opaque. Formats without transparency ignore it. */
  readonly alpha?: Uint8Array;
}

export type EncodeImage = (image: RgbImage) => Promise<Uint8Array>;
