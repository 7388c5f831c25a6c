import { describe, expect, it } from 'vitest';
import { parseMask, parseSceneMask } from './mask-option.js';

describe('parseMask', () => {
  it.each([
    ['cloud.tif', 'both', 'nonzero', 'cloud.tif'],
    ['云.geojson', 'both', 'vector', '云.geojson'],
    ['before:m.gpkg', 'before', 'vector', 'm.gpkg'],
    ['scl:SCL_20m.jp2', 'both', 'scl', 'SCL_20m.jp2'],
    ['after:qa_pixel:LC08_QA_PIXEL.TIF', 'after', 'qa_pixel', 'LC08_QA_PIXEL.TIF'],
    ['BEFORE:FMask:a b/fmask.img', 'before', 'fmask', 'a b/fmask.img'],
    ['C:/data/m.tif', 'both', 'nonzero', 'C:/data/m.tif'],
    ['scl:before:x.tif', 'both', 'scl', 'before:x.tif'],
  ])('%s', (text, date, code, path) => {
    expect(parseMask(text)).toEqual({ date, code, path });
  });

  it.each(['', 'scl:', 'before:', 'after:fmask: '])('refuses “%s”: no file named', (text) => {
    expect(() => parseMask(text)).toThrow(/--mask/);
  });

  it('a mask of a scene belongs to that scene', () => {
    expect(parseSceneMask('scl:m.tif')).toEqual({ code: 'scl', path: 'm.tif' });
    expect(() => parseSceneMask('after:m.tif')).toThrow(/after:/);
  });
});
