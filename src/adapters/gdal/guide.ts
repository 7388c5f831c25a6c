/** guide: one band of each date for measuring shifts: the sharpest structure that both show. */
import type { RegistrationTile } from '../../kernels/registration.js';
import type { AlignedPair } from '../../model/change.js';

export function guide(pair: AlignedPair): RegistrationTile {
  const preferred = ['pan', 'red', 'green', 'nir', 'sar'] as const;
  const role = preferred.find((name) => pair.roles.includes(name));
  const at = role ? pair.roles.indexOf(role) : 0;
  const before = pair.before[at] ?? new Float32Array();
  const after = pair.after[at] ?? new Float32Array();
  return { before, after, seen: pair.seen, width: pair.width, height: pair.height };
}
