/** Key patch (重点图斑): what gets the shorter deadlines and the city's review. The rule is a setting; why it holds is kept with the file. */
import type { BoundaryKind } from './boundary.js';
import { namesMineral } from './mineral.js';
import type { JudgedOverlap, JudgedPatch } from './patch.js';
import { type QueueSettings, queueSettingsSchema } from './queue-settings.js';
import { BOUNDARY_WORDS, muOf } from './words.js';
import { ZONE_KINDS } from './zone-kinds.js';

export type KeyRule = Pick<QueueSettings, 'keyZones' | 'keyAreaMu' | 'keyMinerals' | 'keyMineralM'>;

export const DEFAULT_KEY_RULE: KeyRule = queueSettingsSchema.parse({});

/** What says which mineral lies there: titles, also ended ones (the ground is the same), and closed mines. */
const MINERAL_KINDS: readonly BoundaryKind[] = ['licences', 'exploration', 'plans', 'closed'];

/** Of the polygons that the judgement looked at: those whose mineral can make it a key patch. */
export function mineralGround({ judgement }: JudgedPatch, { keyMinerals, keyMineralM }: KeyRule): JudgedOverlap[] {
  if (keyMinerals.length === 0) return [];
  return judgement.overlaps.filter(({ kind, distanceM }) => MINERAL_KINDS.includes(kind) && distanceM <= keyMineralM);
}

/** A polygon of the register with what it says is in the ground. */
export interface NamedMineral {
  readonly mineral: string;
  /** Name and number. */
  readonly title: string;
}

/** What the issuer says of the patch itself. */
export interface IssuedMineral {
  readonly mineral: string;
  readonly number: string;
}

/** Chinese; empty: no key patch. `titles` by id. */
export function keyReasons(
  judged: JudgedPatch,
  rule: KeyRule,
  titles: ReadonlyMap<string, NamedMineral>,
  issued: readonly IssuedMineral[],
): string[] {
  const { patch, judgement } = judged;
  const { keyAreaMu, keyZones, keyMinerals } = rule;
  const reasons: string[] = [];
  const mu = muOf(patch.areaM2);
  if (keyAreaMu !== null && mu >= keyAreaMu) reasons.push(`面积 ${cut(mu)} 亩，不小于 ${keyAreaMu} 亩`);
  for (const { zone, name, inside } of judgement.facts.zones) {
    if (!inside || !keyZones.includes(zone)) continue;
    reasons.push(`触及${ZONE_KINDS.find(({ code }) => code === zone)?.zh ?? zone}“${name}”`);
  }
  for (const { boundaryId, kind, distanceM } of mineralGround(judged, rule)) {
    const found = titles.get(boundaryId);
    if (!found || !namesMineral(found.mineral, keyMinerals)) continue;
    const where = distanceM > 0 ? `相距 ${Math.ceil(distanceM)} 米` : '触及';
    reasons.push(`${where}：${BOUNDARY_WORDS[kind].zh}“${found.title}”，矿种 ${found.mineral}`);
  }
  for (const { mineral, number } of issued) {
    if (namesMineral(mineral, keyMinerals)) reasons.push(`下发图斑 ${number} 注明矿种 ${mineral}`);
  }
  return [...new Set(reasons)];
}

/** Never rounded up to the limit. */
const cut = (mu: number): string => (Math.floor(mu * 100) / 100).toString();
