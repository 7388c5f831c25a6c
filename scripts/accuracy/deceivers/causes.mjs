/**
 * causes: the list of what deceives a comparison, each alone over unchanged ground of two places, and how to make the pair.
 * `ground`: 'same' where nothing on the ground changed, so that every method should stay silent; 'changes' where it did, though nobody
 * dug: for mining it deceives, for any change it is to be found.
 */
import { randomOf } from '../../train-mining/random.mjs';
import { cloud, cloudShadow, haze, terrainShadow } from './atmosphere.mjs';
import { basePair, truthOf } from './base.mjs';
import { cropsGreenUp, harvest, leafFall, ploughing, snow } from './fields.mjs';
import { eightAgainstSixteen, globalShift, localShift, otherSensor, saturated, scanGaps, stripes } from './sensor.mjs';
import { construction, greenhouses, solarFarm, waterLevel } from './works.mjs';

const GREEN = ['valencia', 'chongqing'];
const MIXED = ['chongqing', 'dubai'];

export const CAUSES = [
  { id: 'none', text: 'nothing but light and noise', ground: 'same', places: MIXED, lay: () => {} },
  { id: 'crops', text: 'season: crops green up', ground: 'same', places: GREEN, lay: cropsGreenUp },
  { id: 'leaf-fall', text: 'season: leaf-fall', ground: 'same', places: ['chongqing', 'brasilia'], lay: leafFall },
  { id: 'snow', text: 'season: snow', ground: 'same', places: GREEN, lay: snow },
  { id: 'cloud', text: 'cloud', ground: 'same', places: MIXED, lay: cloud },
  { id: 'haze', text: 'haze', ground: 'same', places: MIXED, lay: haze },
  { id: 'cloud-shadow', text: 'cloud shadow', ground: 'same', places: MIXED, lay: cloudShadow },
  { id: 'terrain-shadow', text: 'terrain shadow moved', ground: 'same', places: MIXED, lay: terrainShadow },
  { id: 'shift-0.3', text: 'shift 0.3 px', ground: 'same', places: MIXED, lay: globalShift(0.3) },
  { id: 'shift-1', text: 'shift 1 px', ground: 'same', places: MIXED, lay: globalShift(1) },
  { id: 'shift-3', text: 'shift 3 px', ground: 'same', places: MIXED, lay: globalShift(3) },
  { id: 'shift-local', text: 'local shift up to 3 px', ground: 'same', places: MIXED, lay: localShift },
  { id: 'sensor', text: 'Landsat 30 m 8 bit / Sentinel-2', ground: 'same', places: MIXED, lay: otherSensor },
  { id: '8-16-bit', text: '16 bit / 8 bit', ground: 'same', places: MIXED, lay: eightAgainstSixteen },
  { id: 'stripes', text: 'detector stripes', ground: 'same', places: MIXED, lay: stripes },
  { id: 'gaps', text: 'scan-line gaps', ground: 'same', places: MIXED, lay: scanGaps },
  { id: 'saturated', text: 'saturated pixels', ground: 'same', places: MIXED, lay: saturated },
  { id: 'harvest', text: 'harvest', ground: 'changes', places: GREEN, lay: harvest },
  { id: 'ploughing', text: 'ploughing', ground: 'changes', places: GREEN, lay: ploughing },
  { id: 'water', text: 'water level', ground: 'changes', places: ['brasilia:fall', 'brasilia:rise'], lay: waterLevel },
  { id: 'construction', text: 'construction', ground: 'changes', places: GREEN, lay: construction },
  { id: 'solar', text: 'solar farm', ground: 'changes', places: GREEN, lay: solarFarm },
  { id: 'greenhouses', text: 'greenhouses', ground: 'changes', places: GREEN, lay: greenhouses },
];

/** All pairs: one to every cause and place, each with its own seed. */
export const DECEIVERS = CAUSES.flatMap((cause, c) =>
  cause.places.map((place, p) => {
    const [ground, variant] = place.split(':');
    return {
      id: `${cause.id}@${variant ? `${ground}-${variant}` : ground}`,
      cause,
      ground,
      variant,
      seed: 9000 + 10 * c + p,
    };
  }),
);

/** @param crops: name → scene. @returns the pair with its truth (0 not judged, 1 unchanged, 2 planted pit). */
export function makeDeceiver({ cause, ground, variant, seed }, crops) {
  const others = Object.keys(crops)
    .filter((name) => name !== ground)
    .map((name) => crops[name]);
  const pair = basePair(crops[ground], others, seed);
  cause.lay(pair, randomOf(seed * 13 + 5), variant);
  return { ...pair, truth: truthOf(pair), groundChanges: cause.ground === 'changes' };
}
