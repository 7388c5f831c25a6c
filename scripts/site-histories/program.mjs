/** The built program's parts that made histories are measured with. GDAL is called in this process: no raster is opened. */
export { outside } from '../../dist/src/adapters/gdal/outside.js';
export { overlay } from '../../dist/src/adapters/gdal/overlay.js';
export { unite } from '../../dist/src/adapters/gdal/unite.js';
export { polygonAreaM2 } from '../../dist/src/geo/ellipsoid-area.js';
export { recipeSchema } from '../../dist/src/model/recipe.js';
export { siteRoots } from '../../dist/src/model/site.js';
export { unscored } from '../../dist/src/model/unscored.js';
export { placePatches } from '../../dist/src/quarter-sites.js';
