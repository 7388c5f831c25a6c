/** queue-keep: the files that wait are kept for a round from now on, each by a step of its own; a sealed round withholds their places. */
import { lockWaiting } from './adapters/postgres/rounds.js';
import { saveSteps } from './adapters/postgres/task-files.js';
import type { QueueSettings } from './model/queue-settings.js';
import type { Round } from './model/round.js';
import type { Turn } from './ports/desk.js';
import { NO_CONTEXT } from './stages/verify/step-input.js';
import { verify } from './stages/verify/verify.js';

/** Number of those that still waited. */
export async function keepForRound(
  turn: Turn,
  round: Round,
  taskIds: readonly string[],
  settings: QueueSettings,
): Promise<number> {
  const files = await lockWaiting(turn, taskIds);
  const outcomes = files.map((file) =>
    verify({
      file,
      action: 'enter-round',
      revision: null,
      since: [],
      by: turn.member,
      device: turn.device,
      at: turn.at,
      details: {},
      change: null,
      context: { ...NO_CONTEXT, roundId: round.id, sealing: round.sealed },
      rules: { settings, deadlineFor: noDeadline },
    }),
  );
  await saveSteps(turn, outcomes);
  return outcomes.length;
}

function noDeadline(): never {
  throw new Error('entering a round sets no deadline');
}
