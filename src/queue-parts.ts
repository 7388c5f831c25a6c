/** queue-parts: everything of the queue that the API offers, over one desk that takes the keys of unsafe requests. */
import { deskWithKeys } from './adapters/postgres/once-keys.js';
import type { EngineDesk } from './ports/desk.js';
import type { Workspace } from './ports/workspace.js';
import { createAudit } from './queue-audit.js';
import { createCalendars } from './queue-calendar.js';
import { createExportLog } from './queue-exports.js';
import { bundlePart, fileParts } from './queue-file-parts.js';
import { createLearning, learnAside } from './queue-learning.js';
import { createTaskLists } from './queue-lists.js';
import { createNotices } from './queue-notices.js';
import { openTaskQueue } from './queue-open.js';
import { createPitList } from './queue-pit-list.js';
import { createMissedPits } from './queue-pits.js';
import { createReadingWatch } from './queue-reading.js';
import { createRounds } from './queue-round.js';
import { rulesFile } from './queue-rules.js';
import { createSupervision } from './queue-supervise.js';

type QueueWorkspace = Pick<Workspace, 'dir' | 'title' | 'recipe' | 'queueSettings' | 'database' | 'pool' | 'log'>;

export function queueParts(workspace: QueueWorkspace, plain: EngineDesk) {
  const desk = deskWithKeys(plain);
  const files = openTaskQueue(workspace, desk);
  const { codes, evidence, findings, verdicts } = fileParts(workspace, desk);
  return {
    files,
    audit: createAudit(desk),
    exports: createExportLog(desk),
    reads: createReadingWatch(desk),
    calendars: createCalendars(desk),
    settings: workspace.queueSettings,
    codes,
    evidence,
    findings,
    verdicts,
    notices: createNotices(desk),
    bundle: bundlePart(workspace, desk),
    pits: createMissedPits(desk, workspace),
    pitList: createPitList(desk, workspace),
    supervision: createSupervision(desk),
    lists: createTaskLists(workspace, desk, files, findings),
    learning: createLearning(desk, { rules: rulesFile(workspace.dir), log: workspace.log, learn: learnAside }),
    rounds: createRounds(desk, files, workspace.queueSettings),
  };
}
