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
export const RADAR = { 'log ratio+Otsu': logRatioOtsu, 'PCA-K-means': pcaKMeans };
