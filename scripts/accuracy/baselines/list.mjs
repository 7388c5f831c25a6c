/** list: the plain methods that every pair is also given to. Each takes { before, after, use, width, height } on one grid. */
import { isfaChiSquare } from './isfa.mjs';
import { irMadOtsu, madChiSquare } from './mad.mjs';
import { pcaKMeans } from './pca-kmeans.mjs';
import { cvaOtsu, logRatioOtsu, ndviOtsu } from './simple.mjs';

export const OPTICAL = {
  'NDVI+Otsu': ndviOtsu,
  'CVA+Otsu': cvaOtsu,
  'MAD χ²': madChiSquare,
  'IR-MAD+Otsu': irMadOtsu,
  'ISFA χ²': isfaChiSquare,
  'PCA-K-means': pcaKMeans,
};
/** The three that stand beside the product in the table of causes. */
export const FEW = ['NDVI+Otsu', 'CVA+Otsu', 'IR-MAD+Otsu'];
const RADAR = { 'log ratio+Otsu': logRatioOtsu, 'PCA-K-means': pcaKMeans };

/** The methods that the pair's bands allow: a vegetation index needs near infrared. */
export function methodsFor({ before }) {
  if (before.length === 1) return RADAR;
  const { 'NDVI+Otsu': ndvi, ...others } = OPTICAL;
  return before.length >= 4 ? { 'NDVI+Otsu': ndvi, ...others } : others;
}
