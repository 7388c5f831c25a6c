/** Key patch (重点图斑): what gets the shorter deadlines and the city's review. The rule is a setting; what it looks at is in the judgement. */
import type { JudgedPatch } from './patch.js';
import { type QueueSettings, queueSettingsSchema } from './queue-settings.js';
import { muOf } from './words.js';

export type KeyRule = Pick<QueueSettings, 'keyZones' | 'keyAreaMu'>;

export const DEFAULT_KEY_RULE: KeyRule = queueSettingsSchema.parse({});

export function isKeyPatch({ patch, judgement }: JudgedPatch, { keyZones, keyAreaMu }: KeyRule): boolean {
  if (keyAreaMu !== null && muOf(patch.areaM2) >= keyAreaMu) return true;
  return judgement.facts.zones.some(({ zone, inside }) => inside && keyZones.includes(zone));
}
