import { describe, expect, it } from 'vitest';
import { mapLinks } from './map-links.js';

const parameter = (url: string, name: string): number[] =>
  (new URL(url).searchParams.get(name) ?? '').split(',').map(Number);

function linked(lon: number, lat: number) {
  const [amap, baidu, tianditu] = mapLinks(lon, lat).map(({ url }) => url);
  const [baiduLat, baiduLon] = parameter(baidu ?? '', 'location');
  return {
    amap: parameter(amap ?? '', 'position'),
    baidu: [baiduLon, baiduLat],
    tianditu: parameter(tianditu ?? '', 'center'),
  };
}

describe('mapLinks', () => {
  // The test values of eviltransform (Shanghai, Shenzhen, Beijing) and of coordtransform (116.404, 39.915).
  it.each([
    [121.5272106, 31.1774276, 121.531541859215, 31.17530398364597],
    [113.912316, 22.543847, 113.9171764808363, 22.540796131694766],
    [116.377817, 39.911954, 116.38404722455657, 39.91334545536069],
    [116.404, 39.915, 116.41024449916938, 39.91640428150164],
  ])('shifts %d, %d for 高德 as the published pairs say', (lon, lat, shiftedLon, shiftedLat) => {
    const [x, y] = linked(lon, lat).amap;
    expect(x).toBeCloseTo(shiftedLon, 6);
    expect(y).toBeCloseTo(shiftedLat, 6);
  });

  it('shifts for 百度 as the published pair says (coordtransform)', () => {
    const [x, y] = linked(116.404, 39.915).baidu;
    expect(x).toBeCloseTo(116.41662724378733, 6);
    expect(y).toBeCloseTo(39.922699552216216, 6);
  });

  it('shifts nothing for 天地图, and nothing abroad', () => {
    expect(linked(118.3, 36.18).tianditu).toEqual([118.3, 36.18]);
    expect(linked(-104.9903, 39.7392)).toEqual({
      amap: [-104.9903, 39.7392],
      baidu: [-104.9903, 39.7392],
      tianditu: [-104.9903, 39.7392],
    });
  });

  it('tells the maps the place and nothing of the case', () => {
    for (const { url } of mapLinks(118.3, 36.18)) {
      const address = new URL(url);
      expect(address.protocol).toBe('https:');
      for (const [name, value] of address.searchParams) {
        expect(`${name}=${value}`).toMatch(/^[a-z_]+=(核查点|[\d.,-]+|gaode|bd09ll|html)$/);
      }
    }
  });
});
