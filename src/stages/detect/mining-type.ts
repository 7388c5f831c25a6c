/**
 * changeTypeOf: what changed into what, by rule on a patch's mean numbers, first rule that holds. Limits set on planted changes of known
 * kind (scripts/train-mining/evaluate-kinds.mjs; measured: docs/accuracy.md). A help for sorting, not a finding: roofs of red tile look
 * like soil, a shallow pool over bright ground stays bright.
 * In:  a component, its means (thousandths), the bands at hand. Out: the type, and the numbers that decided, in Chinese.
 */
import { formOf, type Mean } from '../../kernels/mining-numbers.js';
import type { ChangeType, Component } from '../../model/change.js';
import type { MiningBands } from '../../model/mining.js';

/** log2 of the ratio of the axes: 2.1 is about 4 : 1. Planted pits end at 2.0, planted roads begin there. */
const ROAD_ELONGATION = 2.1;
const ROAD_ELONGATION_SURE = 3;
const ROAD_HULL_FILL = 0.7;
/** Long-wave level after as a share of before: water swallows it. */
const WATER_SURE = 0.4;
const WATER = 0.65;
const WATER_BARE_DROP = -80;
/** Roofs and asphalt: short-wave and near infrared alike, no red hue, rough from roof to roof. */
const BUILT_BARE = 70;
const BUILT_RED = 10;
const BUILT_ROUGH = 60;
const BUILT_VEG = 150;
const OPENED_LOSS = 80;
const GREEN_BEFORE = 250;
const BRIGHTER = 1.12;

export interface JudgedType {
  readonly type: ChangeType;
  readonly why: string;
}

export function changeTypeOf(component: Component, mean: Mean, bands: Pick<MiningBands, 'nir' | 'swir1'>): JudgedType {
  const form = formOf(component.runs);
  const vegBefore = mean('vegBefore');
  const vegAfter = mean('vegAfter');
  const bareAfter = mean('bareAfter');
  const bareGain = bareAfter - mean('bareBefore');
  const bright = mean('brightAfter') / Math.max(1, mean('brightBefore'));
  const long = mean('swirAfter') / Math.max(1, mean('swirBefore'));
  const times = (value: number) => `${value.toFixed(2)} 倍`;
  if (form.elongation > ROAD_ELONGATION_SURE || (form.elongation > ROAD_ELONGATION && form.hullFill < ROAD_HULL_FILL)) {
    return { type: 'road-like', why: `形状狭长，长短轴比约 ${(2 ** form.elongation).toFixed(1)}` };
  }
  const dry = bands.swir1 !== null;
  const drowned = dry
    ? long < WATER_SURE || (long < WATER && bareGain < WATER_BARE_DROP)
    : vegAfter < -50 && bright < 1;
  if (drowned && vegAfter < 100) return { type: 'bare-to-water', why: `长波反射降为原来的 ${times(long)}` };
  const built = dry && bareAfter < BUILT_BARE && mean('redAfter') < BUILT_RED && vegAfter < BUILT_VEG;
  if (built && mean('roughAfter') > BUILT_ROUGH) {
    return {
      type: 'building-like',
      why: `裸土指数仅 ${(bareAfter / 1000).toFixed(2)}，色调不偏红，像元间起伏 ${(mean('roughAfter') / 10).toFixed(0)}%`,
    };
  }
  if (vegBefore - vegAfter > OPENED_LOSS && vegBefore > GREEN_BEFORE) {
    return { type: 'vegetation-to-bare', why: `植被指数下降 ${((vegBefore - vegAfter) / 1000).toFixed(2)}` };
  }
  if (bright > BRIGHTER) return { type: 'spoil', why: `亮度为原来的 ${times(bright)}` };
  if (vegBefore < GREEN_BEFORE) return { type: 'bare-deeper', why: `原为裸地，亮度为原来的 ${times(bright)}` };
  return { type: 'other', why: `亮度为原来的 ${times(bright)}` };
}

export const TYPE_NAMES: Readonly<Record<ChangeType, string>> = {
  'vegetation-to-bare': '植被变为裸露地表',
  'bare-deeper': '原裸露地表继续开挖',
  'bare-to-water': '裸露地表变为水面（疑似积水采坑）',
  spoil: '地表变亮（疑似堆料或剥离）',
  'building-like': '形似建筑或硬化地面',
  'road-like': '形似道路',
  other: '地表发生变化',
};
