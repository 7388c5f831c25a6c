/**
 * position: how far an outline and a boundary may lie from their true places. One sigma of the image's class by its pixel size, of
 * what remained of the shift between the two images, and of the polygon's coordinates; added as independent errors.
 */
import type { Boundary } from './boundary.js';
import type { JudgementRecipe } from './judgement-recipe.js';
import type { Patch, Position } from './patch.js';

const SUBMETRE_PIXEL_M = 1.2;
const FINE_PIXEL_M = 2.5;

export function imageSigmaM(gsdM: number, { submetreM, fineM, coarsePixels }: JudgementRecipe['position']): number {
  if (gsdM <= SUBMETRE_PIXEL_M) return submetreM;
  return gsdM <= FINE_PIXEL_M ? fineM : Math.max(fineM, coarsePixels * gsdM);
}

/** Names under which a row states the accuracy (one sigma) of its corner points, metres. */
const ACCURACY_FIELDS = ['accuracy_m', 'position_m', '点位中误差', '中误差', '坐标精度', 'dwzwc'];

/** `0.05`, `±5cm`, `0.05 米`; anything else is not taken for metres. */
const ACCURACY_TEXT = /^\s*±?\s*(\d+(?:\.\d+)?)\s*(m|米|cm|厘米)?\s*$/i;

function ownSigmaM({ attributes }: Pick<Boundary, 'attributes'>): number | null {
  for (const [name, value] of Object.entries(attributes)) {
    if (!ACCURACY_FIELDS.includes(name.toLowerCase())) continue;
    if (typeof value === 'number' && value >= 0) return value;
    const [, number, unit] = ACCURACY_TEXT.exec(String(value ?? '').normalize('NFKC')) ?? [];
    if (number !== undefined) return Number(number) * (/^(cm|厘米)$/i.test(unit ?? '') ? 0.01 : 1);
  }
  return null;
}

export function positionOf(
  patch: Pick<Patch, 'sigmaM' | 'image'>,
  boundary: Pick<Boundary, 'kind' | 'attributes'> | null,
  { position, toleranceSigmas }: Pick<JudgementRecipe, 'position' | 'toleranceSigmas'>,
): Position {
  const imageM = patch.image ? imageSigmaM(patch.image.gsdM, position) : patch.sigmaM;
  const shiftM = patch.image?.shiftM ?? 0;
  const boundaryM = boundary ? (ownSigmaM(boundary) ?? position.boundaryM[boundary.kind]) : 0;
  return { imageM, shiftM, boundaryM, toleranceM: toleranceSigmas * Math.hypot(imageM, shiftM, boundaryM) };
}
