/**
 * Issued patch (下发图斑): a patch that the ministry or the province drew and sent down, kept with all it came with, so that it can go
 * back in the issuer's own fields; and what the comparison with the newest imagery said of it.
 */
import type { MultiPolygonRings } from './grid.js';
import type { IssuedPhase } from './issued-phase.js';
import type { Quarter } from './scene.js';

export interface IssuedField {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'real' | 'date';
  /** As the file declares it; 0 = unlimited. */
  readonly width: number;
  readonly decimals: number;
}

export type IssuedAttributes = Readonly<Record<string, string | number | null>>;

/** A row of a file as it was read: attributes untouched; the outline in lon/lat, or why there is none. */
export interface IssuedRow {
  /** 1-based. */
  readonly row: number;
  readonly attributes: IssuedAttributes;
  readonly geometry: MultiPolygonRings | null;
  /** Chinese; null = the outline serves. */
  readonly refused: string | null;
  /** Chinese; what was mended of it. */
  readonly mended: string | null;
}

export interface IssuedReading {
  readonly fields: readonly IssuedField[];
  readonly rows: readonly IssuedRow[];
  readonly encoding: string;
  readonly crsName: string;
  readonly assumptions: readonly string[];
}

/** Who sent it and for which quarter. */
export interface IssuedOrigin {
  readonly source: string;
  readonly quarter: Quarter;
}

export interface IssuedFacts {
  /** As text, leading zeros kept. */
  readonly number: string;
  readonly countyCode: string | null;
  readonly countyName: string | null;
  readonly typeCode: string | null;
  readonly typeName: string | null;
  readonly before: IssuedPhase | null;
  readonly after: IssuedPhase | null;
  /** Of the issuer, m²; null where there is none or it is no number. */
  readonly issuedM2: number | null;
  readonly farmland: string | null;
  readonly redLine: string | null;
  readonly remark: string | null;
  /** Chinese: what was assumed, normalised or looks wrong. */
  readonly notes: readonly string[];
}

/** One version of an issued patch. The same key with other content is a correction: the newest import counts, the others stay. */
export interface IssuedPatch extends IssuedOrigin {
  /** `I` + hash of source, quarter, county and number. */
  readonly keyId: string;
  /** Key and content. */
  readonly contentId: string;
  readonly batchId: string;
  readonly row: number;
  readonly facts: IssuedFacts;
  /** null where refused. */
  readonly geometry: MultiPolygonRings | null;
  /** On the ellipsoid; null without an outline. */
  readonly areaM2: number | null;
  readonly refused: string | null;
  readonly attributes: IssuedAttributes;
}

export interface IssuedBatch extends IssuedOrigin {
  /** Hash of file contents, origin and reading options. */
  readonly id: string;
  /** File name without folder. */
  readonly name: string;
  readonly sha256: string;
  readonly report: IssuedReport;
}

export interface IssuedReport {
  readonly fields: readonly IssuedField[];
  readonly encoding: string;
  readonly crsName: string;
  readonly assumptions: readonly string[];
  readonly rows: number;
  readonly added: number;
  readonly corrected: number;
  /** Rows that repeat what is known already. */
  readonly known: number;
  readonly refused: readonly { readonly row: number; readonly why: string }[];
  readonly notes: readonly { readonly row: number; readonly what: string }[];
}

export const ISSUED_RESULTS = ['grown', 'no-visible-change', 'recovered', 'not-seen', 'no-outline'] as const;
export type IssuedResult = (typeof ISSUED_RESULTS)[number];

/** The image that an answer stands on. */
export interface IssuedImage {
  readonly sceneId: string;
  readonly on: string;
  readonly sensor: string;
  readonly gsdM: number;
}

/** What the images and the issuer's outline said of one patch. */
export interface IssuedAnswer {
  readonly result: IssuedResult;
  readonly newest: IssuedImage | null;
  /** What the newest image was held against; null = the issuer's outline alone. */
  readonly reference: IssuedImage | null;
  /** Of the outline on the newest image, 0–1; null where none was read. */
  readonly seenShare: number | null;
  /** Of the seen outline that is open ground on the newest image, 0–1. */
  readonly openShare: number | null;
  /** Open ground at the place now; null where it cannot be said, [] where there is none. */
  readonly measured: MultiPolygonRings | null;
  readonly measuredM2: number | null;
  /** Newly opened beyond the outline, m². */
  readonly grownM2: number | null;
  /** Own patches of quarters since HSX that touch the outline, sorted. */
  readonly ownPatches: readonly string[];
  /** Chinese sentences: images, dates, numbers that decided, what stays open. */
  readonly reasons: readonly string[];
}

/** Standing positional error of a hand-drawn outline on 2 m imagery (1:10 000, flat), m. */
export const ISSUED_SIGMA_M = 5;

/** The number as people say it, with the county where it is known. */
export function issuedName({ facts }: Pick<IssuedPatch, 'facts'>): string {
  return facts.countyCode === null ? facts.number : `${facts.countyCode}/${facts.number}`;
}

export const ISSUED_WORDS: Readonly<Record<IssuedResult, { readonly zh: string; readonly en: string }>> = {
  grown: { zh: '扩大', en: 'grown' },
  'no-visible-change': { zh: '无明显变化', en: 'no visible change' },
  recovered: { zh: '已恢复', en: 'recovered' },
  'not-seen': { zh: '影像不可用', en: 'not seen' },
  'no-outline': { zh: '无法比对（图形无效）', en: 'no usable outline' },
};
