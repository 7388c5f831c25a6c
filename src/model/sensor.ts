/**
 * Sensor: which band of a file plays which role, and which bands two dates have in common. The order of evidence: what the
 * user says (`--bands`, `--sensor`), band descriptions, the sensor named by the file or its metadata, colour interpretation,
 * and last the number of bands. Whatever was not said by the user or the file is reported as an assumption.
 */
import {
  looksLikeSentinel2,
  numberInName,
  onlyCounting,
  roleByName,
  roleByWord,
  sensorByBandNumbers,
} from './band-names.js';
import { Fault } from './fault.js';
import { BAND_ROLES, type BandRole, type BandUse, type RasterInfo } from './raster.js';
import { layoutOf, SENSORS, type SensorProfile, sensorByName } from './sensor-profiles.js';

export interface BandWish {
  /** `--sensor`, undefined where not given. */
  readonly sensor?: string | undefined;
  /** `--bands`, split or as typed: role names, band numbers, `-` for a band to leave out. */
  readonly bands?: string | readonly string[] | undefined;
}

export interface BandReading {
  /** Profile id, or `one-band`, `six-band`, `unknown`. */
  readonly sensor: string;
  /** In the file's order. */
  readonly bands: readonly BandUse[];
  /** Chinese first, English in brackets; empty when nothing had to be assumed. */
  readonly assumptions: readonly string[];
}

/** Band that marks what is not there, unless it is used as data. 1-based, or null. */
export function alphaBand(info: Pick<RasterInfo, 'bands'>, bands: readonly BandUse[]): number | null {
  const alpha = info.bands.find((b) => b.colour === 'Alpha');
  return alpha && !bands.some((b) => b.index === alpha.index) ? alpha.index : null;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Metadata entries in which products name their spacecraft or product. */
const SPACECRAFT_KEYS =
  /^(?:SPACECRAFT_?NAME|SPACECRAFT_?ID|DATATAKE_1_SPACECRAFT_NAME|SATELLITEID|SATELLITE|SATELLITE_NAME|PLATFORM|MISSION|PRODUCT_TYPE|LANDSAT_SCENE_ID|LANDSAT_PRODUCT_ID)$/i;

/** The sensor that the metadata or the file's name states, with where it was found. */
export function statedSensor(
  info: Pick<RasterInfo, 'path' | 'metadata'>,
): { profile: SensorProfile; source: string } | undefined {
  for (const [key, value] of Object.entries(info.metadata)) {
    if (!SPACECRAFT_KEYS.test(key)) continue;
    const profile = SENSORS.find((s) => s.signature.test(value.trim())) ?? sensorByName(value);
    if (profile) return { profile, source: `${key}=${value}` };
  }
  const name = fileName(info.path);
  const profile = SENSORS.find((s) => s.signature.test(name.replace(/\.[^.]*$/, '')));
  return profile ? { profile, source: name } : undefined;
}

function askedSensor(name: string | undefined): SensorProfile | undefined {
  if (name === undefined) return undefined;
  const profile = sensorByName(name);
  if (profile) return profile;
  const known = SENSORS.map((s) => s.id).join(', ');
  throw new Fault(
    'sensor.unknown',
    `不认识传感器“${name}”，可用：${known}（也可写别名，如 S2、L7、高分一号） (unknown sensor; known: ${known})`,
  );
}

function uniqueOrFault(bands: readonly BandUse[], where: string): readonly BandUse[] {
  const seen = new Set<BandRole>();
  for (const { role } of bands) {
    if (seen.has(role)) {
      throw new Fault(
        'sensor.band-twice',
        `${where}：波段“${role}”出现了两次，每种波段只能有一个，多余的用“-”略过 (band role "${role}" given twice; leave one out with "-")`,
      );
    }
    seen.add(role);
  }
  return bands;
}

/** Bands as the user listed them. */
function givenBands(info: RasterInfo, list: readonly string[], wish: SensorProfile | undefined): BandReading {
  const name = fileName(info.path);
  const hasAlpha = info.bands.some((b) => b.colour === 'Alpha');
  const fits = list.length === info.bands.length || (hasAlpha && list.length === info.bands.length - 1);
  if (!fits) {
    throw new Fault(
      'sensor.band-count',
      `--bands 给了 ${list.length} 个波段（${list.join(',')}），但 ${name} 有 ${info.bands.length} 个波段；请逐个列出，不用的写“-” ` +
        `(--bands names ${list.length} bands, the file has ${info.bands.length}; list every band, "-" for one to leave out)`,
    );
  }
  const stated = statedSensor(info)?.profile;
  const numbering = wish ?? sensorByBandNumbers(list) ?? stated;
  // with an alpha band left out of the list, the list counts the data bands through
  const data = list.length === info.bands.length ? info.bands : info.bands.filter((b) => b.colour !== 'Alpha');
  const bands: BandUse[] = [];
  for (const [i, text] of list.entries()) {
    if (text === '-' || text === '') continue;
    const role = roleByName(text, numbering);
    if (!role) {
      const number = numberInName(text);
      const advice = number
        ? `“${text}”是波段号，请同时给出 --sensor (a band number needs --sensor)`
        : `可用：${BAND_ROLES.join(', ')}，或波段号如 B04，或“-” (use one of these roles, a band number, or "-")`;
      throw new Fault('sensor.band-name', `--bands 中不认识“${text}”；${advice}`);
    }
    bands.push({ role, index: data[i]?.index ?? i + 1 });
  }
  if (bands.length === 0) {
    throw new Fault('sensor.band-none', `--bands 略过了 ${name} 的全部波段 (--bands leaves no band of the file)`);
  }
  const assumptions =
    numbering && !wish && list.some((t) => !roleByWord(t) && numberInName(t))
      ? [`--bands 的波段号按 ${numbering.nameZh}（${numbering.id}）理解 (band numbers read as ${numbering.name})`]
      : [];
  return {
    sensor: wish?.id ?? stated?.id ?? numbering?.id ?? 'unknown',
    bands: uniqueOrFault(bands, '--bands'),
    assumptions,
  };
}

/** Bands by their descriptions in the file; undefined where these say nothing. */
function describedBands(info: RasterInfo, known: SensorProfile | undefined): BandReading | undefined {
  const data = info.bands.filter((b) => b.colour !== 'Alpha' || b.description !== '');
  const names = data.map((b) => b.description);
  if (onlyCounting(names)) return undefined;
  const numbering = known ?? sensorByBandNumbers(names);
  const read = data.map((b) => ({ role: roleByName(b.description, numbering), index: b.index, name: b.description }));
  if (!read.some((b) => b.role)) return undefined;
  const taken = new Set<BandRole>();
  const bands: BandUse[] = [];
  const odd: string[] = [];
  for (const { role, index, name } of read) {
    if (role && !taken.has(role)) {
      taken.add(role);
      bands.push({ role, index });
    } else {
      odd.push(`${index}=“${name}”`);
      bands.push({ role: `b${index}`, index });
    }
  }
  const contradiction =
    known && known.id !== 'sentinel-2' && looksLikeSentinel2(names)
      ? [
          `波段说明（${names.join(', ')}）像哨兵二号，但按${known.nameZh}理解，请核对 (names look like Sentinel-2, read as ${known.name}: check)`,
        ]
      : [];
  const unclear =
    odd.length > 0
      ? [`波段 ${odd.join('、')} 的说明不明或重复，不按光谱用途使用 (band descriptions not understood or repeated)`]
      : [];
  const assumptions = [...contradiction, ...unclear];
  const spelled = numbering && read.some((b) => !roleByWord(b.name) && numberInName(b.name));
  const radar = bands.some((b) => b.role === 'sar') ? 'sar' : 'unknown';
  return { sensor: known?.id ?? (spelled ? numbering.id : radar), bands, assumptions };
}

function fromRoles(info: RasterInfo, roles: readonly BandRole[]): BandUse[] {
  const data = info.bands.length === roles.length ? info.bands : info.bands.filter((b) => b.colour !== 'Alpha');
  return roles.map((role, i) => ({ role, index: data[i]?.index ?? i + 1 }));
}

/** Bands by the sensor's usual order for so many bands; undefined where it has none. */
function layoutBands(info: RasterInfo, profile: SensorProfile): BandUse[] | undefined {
  // all bands first: 8-bit files of four bands are often written with the infrared marked as alpha by mistake
  const roles =
    layoutOf(profile, info.bands.length) ?? layoutOf(profile, info.bands.filter((b) => b.colour !== 'Alpha').length);
  return roles && fromRoles(info, roles);
}

/** Bands by colour interpretation: red, green and blue all named; one further plain band is near infrared. */
function colouredBands(info: RasterInfo): BandReading | undefined {
  const at = (colour: string): number | undefined => info.bands.find((b) => b.colour === colour)?.index;
  const [red, green, blue] = [at('Red'), at('Green'), at('Blue')];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  const rest = info.bands.filter((b) => ![red, green, blue].includes(b.index) && b.colour !== 'Alpha');
  const bands: BandUse[] = [
    { role: 'red', index: red },
    { role: 'green', index: green },
    { role: 'blue', index: blue },
    ...rest.map((b) => ({ role: rest.length === 1 ? ('nir' as const) : (`b${b.index}` as const), index: b.index })),
  ];
  const what = `按文件的颜色标记取红、绿、蓝${rest.length === 1 ? '，第四波段当作近红外' : ''}`;
  return {
    sensor: rest.length === 1 ? 'rgbn' : 'rgb',
    bands: bands.toSorted((a, b) => a.index - b.index),
    assumptions: [`${what}；不对请用 --bands (bands by colour interpretation; correct with --bands)`],
  };
}

const BY_COUNT: Readonly<Record<number, { sensor: string; roles: readonly BandRole[]; zh: string; en: string }>> = {
  3: { sensor: 'rgb', roles: ['red', 'green', 'blue'], zh: '红、绿、蓝', en: 'red, green, blue' },
  4: { sensor: 'bgrn', roles: ['blue', 'green', 'red', 'nir'], zh: '蓝、绿、红、近红外', en: 'blue, green, red, nir' },
  // Landsat 4-7 bands 1-5 and 7, Landsat 8-9 bands 2-7 and the usual Sentinel-2 choice of six all have this order
  6: {
    sensor: 'six-band',
    roles: ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'],
    zh: '蓝、绿、红、近红外、短波红外1、短波红外2',
    en: 'blue, green, red, nir, swir1, swir2',
  },
};

/** Last resort: the number of bands. */
function countedBands(info: RasterInfo): BandReading {
  const data = info.bands.filter((b) => b.colour !== 'Alpha');
  const numbered = data.map((b) => ({ role: `b${b.index}` as const, index: b.index }));
  if (data.length === 1) {
    return {
      sensor: 'one-band',
      bands: numbered,
      assumptions: [`单波段，全色或雷达未知；可用 --sensor pan 或 sar 说明 (one band, panchromatic or radar unknown)`],
    };
  }
  const sentinel = sensorByName('sentinel-2');
  const rule =
    sentinel && (data.length === 13 || data.length === 12)
      ? {
          sensor: sentinel.id,
          roles: layoutOf(sentinel, data.length) ?? [],
          zh: data.length === 13 ? '哨兵二号 L1C 全部 13 个波段' : '哨兵二号 L2A 的 12 个波段（无 B10）',
          en: data.length === 13 ? 'Sentinel-2 L1C, B01…B12' : 'Sentinel-2 L2A without B10',
        }
      : BY_COUNT[data.length];
  if (!rule) {
    return {
      sensor: 'unknown',
      bands: numbered,
      assumptions: [
        `${data.length} 个波段用途未知，只能做不分光谱用途的比较；请用 --bands 或 --sensor 说明 (use of ${data.length} bands unknown; say it with --bands or --sensor)`,
      ],
    };
  }
  return {
    sensor: rule.sensor,
    bands: fromRoles(info, rule.roles),
    assumptions: [
      `${data.length} 个波段，按${rule.zh}处理；不对请用 --bands 或 --sensor (assumed ${rule.en}; correct with --bands or --sensor)`,
    ],
  };
}

/**
 * Which band plays which role.
 * Faults: sensor.unknown, sensor.band-count, sensor.band-name, sensor.band-twice, sensor.band-none, sensor.layout, sensor.palette.
 */
export function useBands(info: RasterInfo, wish: BandWish = {}): BandReading {
  const name = fileName(info.path);
  if (info.bands.length === 1 && info.bands[0]?.colour === 'Palette') {
    throw new Fault(
      'sensor.palette',
      `${name} 是调色板图片（像元值是颜色编号），不能比较；请先转为真彩色：gdal_translate -expand rgb (a paletted picture: expand it to RGB first)`,
    );
  }
  const asked = askedSensor(wish.sensor);
  if (wish.bands !== undefined) {
    const list = typeof wish.bands === 'string' ? wish.bands.split(/[,，、]/) : wish.bands;
    return givenBands(
      info,
      list.map((t) => t.trim()),
      asked,
    );
  }
  const stated = asked ? undefined : statedSensor(info);
  const described = describedBands(info, asked ?? stated?.profile);
  if (described) return described;
  const profile = asked ?? stated?.profile;
  const bands = profile && layoutBands(info, profile);
  if (profile && bands) {
    const order = bands.map((b) => b.role).join(', ');
    const assumptions = [
      ...(stated
        ? [`由“${stated.source}”认为是${profile.nameZh} (taken as ${profile.name} from "${stated.source}")`]
        : []),
      `波段无说明，按${profile.nameZh}的常用顺序 ${order} (bands carry no names; usual order of ${profile.name})`,
    ];
    return { sensor: profile.id, bands, assumptions };
  }
  if (asked) {
    const counts = asked.layouts.map((l) => l.length).join('、');
    throw new Fault(
      'sensor.layout',
      `${name} 有 ${info.bands.length} 个波段，而${asked.nameZh}（${asked.id}）的文件应有 ${counts} 个；请用 --bands 逐个说明 ` +
        `(the file has ${info.bands.length} bands, ${asked.name} files have ${counts.replaceAll('、', ', ')}; list them with --bands)`,
    );
  }
  const guessed = colouredBands(info) ?? countedBands(info);
  return stated ? { ...guessed, sensor: stated.profile.id } : guessed;
}
