/**
 * Band names: what people and products write to say what a band shows ("B02", "SR_B4", "NIR", "近红外", "B4, central
 * wavelength 665 nm"), read into roles.
 */
import type { BandRole } from './raster.js';
import { SENSORS, type SensorProfile } from './sensor-profiles.js';

/** Written without case, spaces, hyphens, underscores and dots. */
const WORDS: Readonly<Record<string, BandRole>> = {
  coastal: 'coastal',
  coastalaerosol: 'coastal',
  coastalblue: 'coastal',
  aerosol: 'coastal',
  purple: 'coastal',
  violet: 'coastal',
  紫: 'coastal',
  海岸: 'coastal',
  b: 'blue',
  blue: 'blue',
  蓝: 'blue',
  g: 'green',
  green: 'green',
  绿: 'green',
  yellow: 'yellow',
  黄: 'yellow',
  r: 'red',
  red: 'red',
  红: 'red',
  rededge: 'rededge1',
  rededge1: 'rededge1',
  vegetationrededge1: 'rededge1',
  红边: 'rededge1',
  红边1: 'rededge1',
  rededge2: 'rededge2',
  vegetationrededge2: 'rededge2',
  红边2: 'rededge2',
  rededge3: 'rededge3',
  vegetationrededge3: 'rededge3',
  红边3: 'rededge3',
  n: 'nir',
  nir: 'nir',
  nir1: 'nir',
  nearinfrared: 'nir',
  近红外: 'nir',
  nir2: 'nir2',
  narrownir: 'nir2',
  nirnarrow: 'nir2',
  nir08: 'nir2',
  窄近红外: 'nir2',
  watervapour: 'watervapour',
  watervapor: 'watervapour',
  水汽: 'watervapour',
  cirrus: 'cirrus',
  卷云: 'cirrus',
  swir: 'swir1',
  swir1: 'swir1',
  swir16: 'swir1',
  shortwaveinfrared1: 'swir1',
  短波红外: 'swir1',
  短波红外1: 'swir1',
  swir2: 'swir2',
  swir22: 'swir2',
  shortwaveinfrared2: 'swir2',
  短波红外2: 'swir2',
  thermal: 'thermal',
  thermal1: 'thermal',
  thermalinfrared: 'thermal',
  热红外: 'thermal',
  thermal2: 'thermal2',
  pan: 'pan',
  panchromatic: 'pan',
  grey: 'pan',
  gray: 'pan',
  全色: 'pan',
  sar: 'sar',
  vv: 'sar',
  hh: 'sar',
  sigma0: 'sar',
  雷达: 'sar',
};

/** The role a plain word names ("NIR", "Red edge 1", "近红外波段"), or undefined. */
export function roleByWord(text: string): BandRole | undefined {
  const key = text
    .toLowerCase()
    .replace(/波段|光|\bband\b/g, '')
    .replace(/[\s_.-]+/g, '');
  return Object.hasOwn(WORDS, key) ? WORDS[key] : undefined;
}

/** The producer's band number in a name, upper case, no leading zero ("SR_B4" → "B4", "B08" → "B8"), or undefined. */
export function numberInName(text: string): string | undefined {
  const match = /(?:^|[^A-Z0-9])(?:BAND[\s_-]*|B)0*(\d{1,2})(A?)(?![A-Z0-9])/i.exec(text);
  return match ? `B${match[1]}${(match[2] ?? '').toUpperCase()}` : undefined;
}

/** Only Sentinel-2 products print one-digit bands with a leading zero (B02) and have a band 8A. */
export function looksLikeSentinel2(names: readonly string[]): boolean {
  return names.some((n) => /(?:^|[^A-Z0-9])(?:B0\d|B8A)(?![A-Z0-9])/i.test(n));
}

/** Whether names only count the bands through ("Band 1", "Layer_2", "" …): they say nothing then. */
export function onlyCounting(names: readonly string[]): boolean {
  return names.every((name, i) => {
    const match = /^(?:band|layer|channel|波段)?[\s_-]*0*(\d+)$/i.exec(name.trim());
    return name.trim() === '' || (match !== null && Number(match[1]) === i + 1);
  });
}

/**
 * The sensor whose band numbers these names must be: Sentinel-2 by its spelling, else the only family of profiles that has
 * all the numbers. Undefined where several families would give other roles.
 */
export function sensorByBandNumbers(names: readonly string[]): SensorProfile | undefined {
  const numbers = names.map(numberInName).filter((n) => n !== undefined);
  if (numbers.length === 0) return undefined;
  if (looksLikeSentinel2(names)) return SENSORS.find((s) => s.id === 'sentinel-2');
  let candidates = SENSORS.filter((s) => numbers.every((n) => Object.hasOwn(s.bands, n)));
  // SR_B4, ST_B10 are Landsat Collection 2 spellings; TM and ETM+ have SR_B1–5 and SR_B7, OLI has SR_B6 too
  if (names.some((n) => /(?:^|_)S[RT]_B\d/i.test(n))) {
    candidates = candidates.filter((s) => s.id.startsWith('landsat'));
    const surface = new Set(names.map((n) => /SR_B(\d)/i.exec(n)?.[1]));
    if (surface.has('6')) candidates = candidates.filter((s) => s.bands.B1 === 'coastal');
    else if (['1', '2', '3', '4', '5', '7'].every((n) => surface.has(n))) {
      candidates = candidates.filter((s) => s.bands.B1 === 'blue');
    }
  }
  const rolesOf = (s: SensorProfile): string => numbers.map((n) => s.bands[n]).join();
  const readings = new Set(candidates.map(rolesOf));
  return readings.size === 1 ? candidates[0] : undefined;
}

/** The role of one name: a word, else a band number of `sensor`, else a word within it ("Blue (B2)", "B4 - Red"). */
export function roleByName(text: string, sensor: SensorProfile | undefined): BandRole | undefined {
  const whole = roleByWord(text);
  if (whole) return whole;
  const number = numberInName(text);
  if (sensor && number && Object.hasOwn(sensor.bands, number)) return sensor.bands[number];
  const words = text.split(/[(),;:/|]|\s-\s/).map((part) => part.trim());
  for (const word of words) {
    const role = word.length > 1 ? roleByWord(word) : undefined;
    if (role) return role;
  }
  return undefined;
}
