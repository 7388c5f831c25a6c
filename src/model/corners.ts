/**
 * Corner points (拐点、界址点): polygons as people exchange them in text and tables, before anything is computed from them.
 * Values stay the text they came as, because the number of digits and the signs decide what a value means.
 */

export type Datum = 'CGCS2000' | 'WGS84' | 'Xian80' | 'Beijing54';

/** `xy`: first column X = northing or latitude (the order of the Chinese formats); `yx`: first column Y = easting or longitude. */
export type AxisOrder = 'xy' | 'yx';

/** `decimal` 110.5 · `packed` ddd.mmss: 110.3000 · `dms` 110°30′00″ */
export type AngleNotation = 'decimal' | 'packed' | 'dms';

export type ZoneWidth = 3 | 6;

export interface CornerPoint {
  readonly name: string;
  readonly first: string;
  readonly second: string;
  /** 1-based line or row of the source. */
  readonly line: number;
}

/** One ring; the closing point is not repeated (`openRing` of geo/corner-points/rings takes it away). */
export interface CornerRing {
  readonly points: readonly CornerPoint[];
  /** 标高上限, 标高下限, metres. */
  readonly upper: number | null;
  readonly lower: number | null;
  readonly remark: string | null;
  /** 扣除: the ring is taken out of the others. As the source's flag or ring number says, never from the remark. */
  readonly deduct: boolean;
}

export type AreaUnit = 'm2' | 'ha' | 'km2' | 'mu';

/** An area as the source writes it. */
export interface StatedArea {
  readonly text: string;
  readonly value: number;
  readonly unit: AreaUnit;
  /** The unit is written there; otherwise it is the format's own and may be wrong. */
  readonly unitWritten: boolean;
}

export interface CornerPlot {
  /** 1-based line or row at which the plot begins. */
  readonly line: number;
  readonly attributes: Readonly<Record<string, string | number | null>>;
  readonly rings: readonly CornerRing[];
  readonly statedArea: StatedArea | null;
  /** Chinese; what a person should look at. */
  readonly warnings: readonly string[];
}

/** What the source itself says about its numbers; null = says nothing. */
export interface CornerDeclared {
  /** As written: 2000国家大地坐标系, 1980西安坐标系 … */
  readonly datum: string | null;
  /** 投影类型 as written. */
  readonly projection: string | null;
  readonly width: ZoneWidth | null;
  readonly zone: number | null;
  /** From column titles only, not from the format's own order, which files do not keep. */
  readonly axis: AxisOrder | null;
  readonly angle: AngleNotation | null;
}

export const NOTHING_DECLARED: CornerDeclared = {
  datum: null,
  projection: null,
  width: null,
  zone: null,
  axis: null,
  angle: null,
};

/** What the person who imports says. */
export interface CornerWish {
  readonly crs: string | null;
  readonly zone: number | null;
  readonly axis: AxisOrder | null;
  readonly angle: AngleNotation | null;
}

/** What the numbers of a plot mean. */
export type CornerFrame =
  | { readonly kind: 'geographic'; readonly datum: Datum; readonly angle: AngleNotation; readonly order: AxisOrder }
  | {
      readonly kind: 'plane';
      readonly datum: Datum;
      readonly width: ZoneWidth;
      readonly zone: number;
      /** The easting begins with the zone number. */
      readonly prefixed: boolean;
      readonly order: AxisOrder;
    }
  /** A coordinate system given by name that is none of the Chinese zones. */
  | { readonly kind: 'other'; readonly crs: string; readonly order: AxisOrder };

export const NO_CORNER_WISH: CornerWish = { crs: null, zone: null, axis: null, angle: null };

export type CornerFormat = 'exchange' | 'registration' | 'string';

export const CORNER_FORMATS = ['exchange', 'registration', 'string'] as const satisfies readonly CornerFormat[];

export const CORNER_FORMAT_WORDS: Readonly<Record<CornerFormat, string>> = {
  exchange: '界址点坐标交换格式',
  registration: '采矿权登记文本（XY001=…）',
  string: '拐点坐标串',
};

/** What reading a corner-point text gave. */
export interface CornerText {
  readonly format: CornerFormat;
  readonly declared: CornerDeclared;
  readonly plots: readonly CornerPlot[];
  readonly refused: readonly { readonly line: number; readonly why: string }[];
  /** Chinese; what was assumed in reading. */
  readonly notes: readonly string[];
}

/** What writing corner points gave. */
export interface CornersWritten {
  readonly path: string;
  /** Plots in the file. */
  readonly written: number;
  /** Zones in which they are, ascending. */
  readonly zones: readonly number[];
  readonly encoding: string;
  /** Boundaries that the file cannot hold, with the reason in Chinese. */
  readonly refused: readonly { readonly id: string; readonly why: string }[];
}
