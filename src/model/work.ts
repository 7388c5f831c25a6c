/**
 * Work: the catalogue of what the forked raster children do, one line each: input → output. Everything that touches GDAL is
 * here, so that a crash of native code never takes the database's holder with it. Inputs and outputs are structured-clonable.
 */
import type { Boundary, BoundaryKind, LayerReading } from './boundary.js';
import type { BlockResult, JudgedComponent, PairFacts, PairModel } from './change.js';
import type { CornerFormat, CornerRing, CornersWritten, CornerWish } from './corners.js';
import type { GeoTransform, Grid, MultiPolygonRings, Position, Window } from './grid.js';
import type { HandlingMark } from './handling-mark.js';
import type { GroundReading, HistoryScene } from './history.js';
import type { IssuedField, IssuedReading } from './issued.js';
import type { LearnInput, LearnReport } from './learning.js';
import type { OwnDatum } from './own-datum.js';
import type { Overlap } from './patch.js';
import type { MaskUse, PairUse, RasterInfo, RasterUse } from './raster.js';
import type { Waypoint } from './waypoints.js';

export interface WorkCatalogue {
  /** What of GDAL this installation has, found by using it; null = works. */
  selfCheck: {
    input: Record<string, never>;
    output: {
      gdalVersion: string;
      missingDrivers: string[];
      projection: string | null;
      encoding: string | null;
    };
  };
  /** Weights of the score from verdicts: minutes of arithmetic, no raster. */
  learn: { input: LearnInput; output: LearnReport };
  /** Open a raster and say what it is. Faults: scene.unreadable, scene.empty, scene.truncated. */
  inspect: { input: { path: string }; output: RasterInfo };
  /** Write a copy that is fast to compare (tiles, overviews, cells), unless it is there already. Faults: scene.optimise. */
  optimise: { input: { path: string; out: string }; output: { path: string; made: boolean } };
  /** Outline of valid pixels (lon/lat EPSG:4490) and their share; reads the file, so it finds corrupt blocks. */
  footprint: {
    input: { use: RasterUse; masks: readonly MaskUse[] };
    output: { footprint: MultiPolygonRings; validShare: number; gsdM: number };
  };
  /** Where two rasters meet: window on AFTER's grid (null: no overlap) and facts in metres. */
  meet: {
    input: { pair: PairUse };
    output: {
      grid: Grid;
      window: Window | null;
      gsdM: number | null;
      pixelAreaM2: number | null;
      /** Rows of AFTER's tiles or strips in the file. */
      tileRows: number;
      /** The CRS is projected, in metres or feet. */
      projected: boolean;
    };
  };
  /** Fit everything global of a pair on its fixed sample. */
  fit: {
    input: {
      pair: PairUse;
      window: Window;
      facts: PairFacts;
      seed: string;
      maxResidualPx: number;
      /** Where the sample agrees on one shift, it is taken to serve everywhere: the blocks check it (BlockResult.checks). Else, and where absent, it is measured over the whole extent. */
      fieldLater?: boolean;
    };
    output: PairModel;
  };
  /** Compare one block. With `keep`, the scores are also written into a raw row-major file at their place. */
  compare: {
    input: {
      pair: PairUse;
      model: PairModel;
      /** The whole window in which the two dates meet; context never reaches beyond it. */
      extent: Window;
      block: Window;
      /** The block is one of a series of strips, none with more pixels (with its context) than this: see strips.ts. */
      stripCapacity?: number;
      /** A raw float32 file of AFTER's whole grid, `gridWidth` pixels a row, that takes the scores of the block. */
      keep?: { scorePath: string; gridWidth: number };
    };
    output: BlockResult;
  };
  /** Compare windows, each by itself, and finish their objects: judged, outlines drawn again. `objects` is null where a kept one reaches the window's edge. */
  look: {
    input: {
      pair: PairUse;
      model: PairModel;
      extent: Window;
      windows: readonly Window[];
      /** Pixels of the largest window of the series, with its context. */
      capacity: number;
    };
    /** In the order of `windows`; without patches where the objects are there. */
    output: { result: BlockResult; objects: JudgedComponent[] | null }[];
  };
  /** What one image shows of each patch and of the ring around it; null where it does not reach. In the order of `patches`. */
  recall: {
    input: { scene: Pick<HistoryScene, 'use' | 'masks'>; patches: readonly MultiPolygonRings[] };
    output: (GroundReading | null)[];
  };
  /** What of each asked outline is open ground on `now`, and newly opened since `past`; null where the image does not reach it. */
  openGround: {
    input: {
      now: Pick<HistoryScene, 'use' | 'masks'>;
      /** The reference, with the masks of both and the model fitted for the two; null = the outline alone. */
      past: { use: RasterUse; masks: readonly MaskUse[]; model: PairModel } | null;
      /** All issued outlines near, and which of them are asked. */
      outlines: readonly MultiPolygonRings[];
      asked: readonly number[];
      /** What the reference shows of each asked one, by its date. */
      pastIs: readonly ('before' | 'after' | 'between')[];
      toleranceM: number;
    };
    /** In the order of `asked`. */
    output: (GroundLook | null)[];
  };
  /** Draw the outlines of whole objects (runs in absolute pixels) again; in the order given. */
  recut: {
    input: { pair: PairUse; model: PairModel; extent: Window; marginPx: number; objects: readonly Int32Array[] };
    /** oldShare: how much of the outline was an edge in BEFORE already, 0–1. */
    output: { runs: Int32Array; oldShare: number }[];
  };
  /** Turn a raw row-major file into a GeoTIFF on the grid. */
  writeRaster: {
    input: { rawPath: string; type: 'float32' | 'uint8'; noData: number | null; grid: Grid; path: string };
    output: { path: string };
  };
  /** Map coordinates of a grid's CRS to lon/lat EPSG:4490 (densified by the caller), polygon by polygon. */
  toLonLat: { input: { crs: string; polygons: readonly MultiPolygonRings[] }; output: MultiPolygonRings[] };
  /** lon/lat points in a grid's CRS; null where they have no place in it. */
  toMap: { input: { crs: string; points: readonly Position[] }; output: (Position | null)[] };
  /** Union of polygons that touch or lie within `snapDegrees`; the input order does not matter. */
  unite: {
    input: { polygons: readonly MultiPolygonRings[]; snapM: number };
    output: { parts: number[][]; geometry: MultiPolygonRings[] };
  };
  /** Read a vector file of a register layer (any OGR driver), mend what can be mended. */
  readLayer: {
    input: {
      path: string;
      kind: BoundaryKind;
      crs: string | null;
      encoding: string | null;
      validFrom: string | null;
      /** For corner points whose meaning the file leaves open. */
      corners?: Omit<CornerWish, 'crs'>;
      /** Secret: used for the conversion only. */
      ownDatum?: OwnDatum;
    };
    output: LayerReading;
  };
  /** Write boundaries as a corner-point text in CGCS2000 zones. Faults: corners.rows, corners.zone, corners.write. */
  writeCorners: {
    input: {
      path: string;
      format: CornerFormat;
      /** null: chosen from the data. */
      zone: number | null;
      boundaries: readonly Boundary[];
    };
    output: CornersWritten;
  };
  /** Boundaries as corner points for a table, each in its CGCS2000 zone (null: its own). Faults: corners.zone. */
  tableCorners: {
    input: { zone: number | null; boundaries: readonly Boundary[] };
    output: {
      plots: { id: string; system: string; zone: number; rings: readonly CornerRing[] }[];
      refused: { id: string; why: string }[];
    };
  };
  /** Read a file of issued patches: every row, its attributes untouched. Faults: layer.*, crs.unknown. */
  readIssued: { input: { path: string; crs: string | null; encoding: string | null }; output: IssuedReading };
  /** Write rows in an issuer's own fields (.shp in GBK, .gpkg). Faults: output.format, output.folder, output.write. */
  writeIssued: {
    input: {
      path: string;
      layer: string;
      fields: readonly IssuedField[];
      rows: readonly { geometry: MultiPolygonRings | null; values: readonly (string | number | null)[] }[];
    };
    output: { path: string };
  };
  /** Write features; format by the path's ending (.gpkg .geojson .shp .kml .kmz .gdb .dxf). Geometry lon/lat; `crs` of the file, null = EPSG:4490; a drawing needs a plane. */
  writeVector: {
    input: {
      path: string;
      layer: string;
      crs: string | null;
      fields: readonly { name: string; type: 'text' | 'real' | 'integer' | 'list'; zh?: string }[];
      features: readonly {
        geometry: MultiPolygonRings;
        values: readonly (string | number | readonly string[] | null)[];
      }[];
      /** Whose copy it is; only in .geojson, .gpkg, .kml, .kmz. */
      mark?: HandlingMark;
      /** Named points beside the features; .kml and .kmz only. */
      waypoints?: readonly Waypoint[];
    };
    output: { path: string };
  };
  /** Exact overlap of each patch with each boundary near it (within `reachM`). Result in the order of `patches`. */
  overlay: {
    input: {
      patches: readonly MultiPolygonRings[];
      boundaries: readonly Pick<Boundary, 'id' | 'kind' | 'geometry'>[];
      reachM: number;
    };
    output: Overlap[][];
  };
  /**
   * The same for named pairs only, as flat numbers: what many patches need. With `areasOnly` the distances are not measured
   * (where the two do not meet, only whether they are within reach). With `asks` what judging mostly asks next is answered
   * along with it, from the same shapes: `outside` and `split` say what is left.
   */
  overlayPairs: {
    input: {
      patches: PackedPolygons;
      boundaries: PackedPolygons;
      /** Place of a patch, place of a boundary, and so on; all pairs of a patch one after the other. */
      pairs: Uint32Array;
      reachM: number;
      areasOnly: boolean;
      asks: PairAsks | null;
    };
    output: PairAnswers;
  };
  /** How much of each patch lies outside the union of the named boundaries, and what an error of position leaves of that. */
  outside: {
    input: {
      boundaries: readonly MultiPolygonRings[];
      items: readonly {
        patch: MultiPolygonRings;
        /** Places in the list above. */
        boundaries: readonly number[];
        /** For each of `boundaries`, metres: how far patch and boundary may really lie from where they are drawn, together. */
        toleranceM: readonly number[];
        /** Longest shift of a boundary that is looked for, metres; 0: none is looked for. */
        maxShiftM: number;
      }[];
    };
    output: OutsideReading[];
  };
  /** Parts of each patch under the named boundaries, each from what those before it left, then the rest. */
  split: {
    input: {
      boundaries: readonly MultiPolygonRings[];
      /** `boundaries` are places in the list above. */
      items: readonly { patch: MultiPolygonRings; boundaries: readonly number[] }[];
    };
    /** For each item one part more than it named boundaries. */
    output: { geometry: MultiPolygonRings; areaM2: number }[][];
  };
  /**
   * Both dates of a lon/lat box as RGB pictures (8 bit, interleaved) on one north-up lon/lat grid whose pixels are square on
   * the ground. One stretch serves every box of the pair; its span is shared by both dates, so that tones compare. Ground without data is light grey. `shiftPx` moves BEFORE by the measured shift (pixels of AFTER).
   * Faults: picture.no-crs, picture.empty-box, raster.missing, raster.unreadable.
   */
  picture: {
    input: {
      pair: PairUse;
      box: readonly [minLon: number, minLat: number, maxLon: number, maxLat: number];
      maxPx: number;
      shiftPx?: readonly [x: number, y: number];
    };
    output: Picture;
  };
}

/** One issued outline on the newest image: see kernels/open-ground. Pixels are those of that image. */
export interface GroundLook {
  readonly telling: 'open' | 'changed' | 'same' | 'back' | 'vegetated' | 'alike' | 'too-few';
  readonly outlinePixels: number;
  readonly seenPixels: number;
  readonly openPixels: number;
  readonly openThenShare: number | null;
  readonly grownPixels: number;
  readonly cut: boolean;
  readonly gsdM: number;
  readonly pixelM2: number;
  /** Open ground that belongs to the outline, lon/lat; [] where there is none. */
  readonly measured: MultiPolygonRings;
  readonly measuredM2: number;
  /** Medians of the vegetation index, thousandths. */
  readonly vegInside: number | null;
  readonly vegAround: number | null;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** 255 where the date has data, 0 where it has none; one per pixel. */
  readonly beforeData: Uint8Array;
  readonly afterData: Uint8Array;
  readonly metresPerPixel: number;
  /** What the three channels show. */
  readonly rendering: 'true-colour' | 'false-colour' | 'grey';
  /** Pixels to lon/lat EPSG:4490; no rotation. */
  readonly transform: GeoTransform;
}

/** Polygons as flat numbers; the ends are running sums: positions by ring, rings by polygon, polygons by shape. */
export interface PackedPolygons {
  readonly coordinates: Float64Array;
  readonly ringEnds: Uint32Array;
  readonly polygonEnds: Uint32Array;
  readonly shapeEnds: Uint32Array;
}

/** What judging asks along with overlaps of pairs. */
export interface PairAsks {
  /** Of each pair, metres: how far patch and boundary may really lie from where they are drawn, together. */
  readonly toleranceM: Float64Array;
  /** Of each pair: sum of PAIR_ROLES. */
  readonly roles: Uint8Array;
  /** Longest shift of a licence that is looked for, metres, where at least `leastBeyondM2` lies beyond the tolerance. */
  readonly maxShiftM: number;
  readonly leastBeyondM2: number;
  /** A patch is cut where so much of it lies inside one boundary only, and so much outside, m². */
  readonly leastPieceM2: number;
}

/** What a boundary is to a patch: read by itself where the patch lies partly in it; one of the licences that count; cuts the patch. */
export const PAIR_ROLES = { title: 1, licence: 2, ground: 4 } as const;

/** Pairs are named by their places. */
export interface PairAnswers {
  /** For each pair within reach: its place, area inside, area outside, greatest distance outside, distance. */
  readonly overlaps: Float64Array;
  /** Of a patch against the union of the pairs' boundaries. */
  readonly readings: readonly { readonly pairs: readonly number[]; readonly reading: OutsideReading }[];
  /** Two parts for each pair, one after the other: what lies inside, and the rest; each as `split` gives it. */
  readonly cuts: {
    readonly pairs: readonly number[];
    readonly parts: PackedPolygons;
    readonly areasM2: Float64Array;
  };
}

/** Of a patch against a union of boundaries. The true area outside is in [beyondToleranceM2, withinToleranceM2]. */
export interface OutsideReading {
  readonly outsideM2: number;
  /** Greatest distance of the part outside from the union; 0 where nothing is outside, null where no boundary was named. */
  readonly outsideM: number | null;
  /** What is outside still when the boundaries are widened by the tolerance. */
  readonly beyondToleranceM2: number;
  /** What is outside when the union is narrowed by the tolerance. */
  readonly withinToleranceM2: number;
  /** `outsideM` less and more the tolerance, not below 0; [0, 0] only where the patch lies deeper inside than that. */
  readonly outsideRangeM: readonly [least: number, most: number] | null;
  readonly shift: BoundaryShift | null;
}

/** One boundary moved as a whole takes in what lies beyond the tolerance: its coordinates may be at fault. A hint. */
export interface BoundaryShift {
  /** Place in the item's `boundaries`. */
  readonly boundary: number;
  /** Grid east and north, metres on the ground: what to add to the boundary's coordinates. */
  readonly dxM: number;
  readonly dyM: number;
  readonly distanceM: number;
  /** Outside still after the shift (within the tolerance), m². */
  readonly restM2: number;
}

export type WorkName = keyof WorkCatalogue;
