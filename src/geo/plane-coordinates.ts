/**
 * plane-coordinates: a place as officers write it: CGCS2000 3° Gauss–Krüger (northing X, easting Y with its zone in front, false easting
 * 500 km), and degrees, minutes, seconds. In: degrees EPSG:4490. Out: metres; text.
 */
import { lonDifference } from './ellipsoid-area.js';
import { toGaussKrueger } from './gauss-krueger.js';

export interface PlaneCoordinates {
  /** 3° zone, 25–45. */
  readonly zone: number;
  /** Central meridian, degrees. */
  readonly meridian: number;
  /** X. */
  readonly northingM: number;
  /** Y: zone × 1 000 000 + 500 000 + distance from the meridian. */
  readonly eastingM: number;
}

/** Zones that China lies in. */
const FIRST_ZONE = 25;
const LAST_ZONE = 45;

/** Null outside the zones of China. `zone`: that of a whole list; default: the one the place lies in. */
export function planeCoordinates(lon: number, lat: number, zone = Math.round(lon / 3)): PlaneCoordinates | null {
  if (zone < FIRST_ZONE || zone > LAST_ZONE) return null;
  const [x, y] = toGaussKrueger(lonDifference(lon, zone * 3), lat);
  return { zone, meridian: zone * 3, northingM: y, eastingM: zone * 1_000_000 + 500_000 + x };
}

/** `118°12′03.204″`, seconds with as many decimals; carries over instead of writing 60 seconds. */
export function degreesText(value: number, decimals = 3): string {
  const scale = 10 ** decimals;
  const units = Math.round(Math.abs(value) * 3600 * scale);
  const seconds = (units % (60 * scale)) / scale;
  const minutes = Math.floor(units / (60 * scale)) % 60;
  const whole = Math.floor(units / (3600 * scale));
  const width = decimals === 0 ? 2 : decimals + 3;
  const sign = value < 0 ? '-' : '';
  return `${sign}${whole}°${String(minutes).padStart(2, '0')}′${seconds.toFixed(decimals).padStart(width, '0')}″`;
}
