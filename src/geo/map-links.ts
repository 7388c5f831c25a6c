/**
 * map-links: where a person may look a place up in a public map. Those maps are drawn in shifted systems: 高德 in GCJ-02, 百度 in
 * BD-09; 天地图 in CGCS2000. The shifted numbers exist inside the address only: they are made here and come back nowhere, so
 * that they cannot enter the data.
 * Method: the public approximation of GCJ-02 (Krasovsky 1940, the polynomial and sine terms of eviltransform and coordtransform;
 * how far it is from the real one is not published) and of BD-09 (the polar shift that 百度 published); no shift outside the box that those use.
 * In: degrees on CGCS2000. Out: addresses. Nothing is fetched; whoever opens one tells its owner the place.
 */
import type { Position } from '../model/grid.js';

export interface MapLink {
  readonly zh: string;
  readonly en: string;
  readonly url: string;
}

const RAD = Math.PI / 180;
/** Krasovsky 1940, as the public approximation has it. */
const SEMI_MAJOR_M = 6378245;
const E2 = 0.006693421622965943;
/** minLon, minLat, maxLon, maxLat of the approximation's own "inside China". */
const SHIFTED = [72.004, 0.8293, 137.8347, 55.8271] as const;
/** 百度's angle and offsets. */
const BD_ANGLE = (Math.PI * 3000) / 180;
const BD_OFFSET = [0.0065, 0.006] as const;

/** Sine terms that both directions share. */
function ripple(x: number): number {
  return ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3;
}

function north(x: number, y: number): number {
  return (
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    ripple(x) +
    ((20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * 2) / 3 +
    ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3
  );
}

function east(x: number, y: number): number {
  return (
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    ripple(x) +
    ((20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * 2) / 3 +
    ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3
  );
}

function gcj02([lon, lat]: Position): Position {
  const [minLon, minLat, maxLon, maxLat] = SHIFTED;
  if (lon < minLon || lon > maxLon || lat < minLat || lat > maxLat) return [lon, lat];
  const sin = Math.sin(lat * RAD);
  const w2 = 1 - E2 * sin * sin;
  const meridian = (SEMI_MAJOR_M * (1 - E2)) / (w2 * Math.sqrt(w2));
  const parallel = (SEMI_MAJOR_M / Math.sqrt(w2)) * Math.cos(lat * RAD);
  return [lon + east(lon - 105, lat - 35) / (parallel * RAD), lat + north(lon - 105, lat - 35) / (meridian * RAD)];
}

/**
 * Where a position stated in GCJ-02 is, by the same approximation: to judge how far off it lies, to some metres at best. Never stored or shown.
 */
export function roughlyFromGcj02([lon, lat]: Position): Position {
  let place: Position = [lon, lat];
  for (let round = 0; round < 3; round++) {
    const [x, y] = gcj02(place);
    place = [place[0] + lon - x, place[1] + lat - y];
  }
  return place;
}

function bd09(position: Position): Position {
  const [x, y] = gcj02(position);
  if (x === position[0] && y === position[1]) return position;
  const radius = Math.hypot(x, y) + 0.00002 * Math.sin(y * BD_ANGLE);
  const angle = Math.atan2(y, x) + 0.000003 * Math.cos(x * BD_ANGLE);
  return [radius * Math.cos(angle) + BD_OFFSET[0], radius * Math.sin(angle) + BD_OFFSET[1]];
}

/** 高德, 百度, 天地图. The words in the addresses name nothing of the case. */
export function mapLinks(lon: number, lat: number): MapLink[] {
  const place: Position = [lon, lat];
  const [amapLon, amapLat] = gcj02(place).map(sixDigits);
  const [baiduLon, baiduLat] = bd09(place).map(sixDigits);
  const name = encodeURIComponent('核查点');
  return [
    {
      zh: '高德',
      en: 'Amap',
      url: `https://uri.amap.com/marker?position=${amapLon},${amapLat}&name=${name}&coordinate=gaode&callnative=0`,
    },
    {
      zh: '百度',
      en: 'Baidu',
      url: `https://api.map.baidu.com/marker?location=${baiduLat},${baiduLon}&title=${name}&content=${name}&coord_type=bd09ll&output=html`,
    },
    {
      zh: '天地图',
      en: 'Tianditu',
      url: `https://map.tianditu.gov.cn/?center=${sixDigits(lon)},${sixDigits(lat)}&zoom=17`,
    },
  ];
}

/** 0.1 m. */
const sixDigits = (degrees: number): string => degrees.toFixed(6);
