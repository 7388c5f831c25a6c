/** outline: an object once its outline was drawn again (kernel recut): its new pixels, and the doubt that an old outline casts on it. */
import type { JudgedComponent, PairModel } from '../../model/change.js';
import { doubtOldOutline } from './mining-object.js';

export interface Outline {
  readonly runs: Int32Array;
  readonly oldShare: number;
}

/** Without a new outline the object stays as it is. */
export function withOutline(
  { component, judgement }: JudgedComponent,
  outline: Outline | undefined,
  model: PairModel,
): JudgedComponent {
  const doubted = doubtOldOutline(judgement, outline?.oldShare ?? 0, model);
  if (!outline) return { component, judgement: doubted };
  const { runs } = outline;
  let pixels = 0;
  for (let i = 0; i + 2 < runs.length; i += 3) pixels += (runs[i + 2] ?? 0) - (runs[i + 1] ?? 0) + 1;
  return { component: { ...component, runs, pixels }, judgement: doubted };
}
