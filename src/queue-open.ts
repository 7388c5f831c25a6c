/** queue-open: the verification queue of a workspace, put together over a desk: flow, findings and verdicts, calendar, notices. */
import type { EngineDesk } from './ports/desk.js';
import type { FlowParts, LeaseSweep, TaskQueue } from './ports/task-queue.js';
import type { Workspace } from './ports/workspace.js';
import { workCalendar } from './queue-calendar.js';
import { fileParts } from './queue-file-parts.js';
import { createTaskQueue } from './queue-flow.js';
import { notify } from './queue-notices.js';
import { deadlineFor } from './stages/remind/remind.js';

type QueueWorkspace = Pick<Workspace, 'dir' | 'recipe' | 'queueSettings' | 'database'>;

export function openTaskQueue(workspace: QueueWorkspace, desk: EngineDesk): TaskQueue & LeaseSweep {
  const { queueSettings, database } = workspace;
  const parts: FlowParts = {
    ...fileParts(workspace, desk).steps,
    notify,
    async deadlines() {
      const calendar = await workCalendar(database);
      return (step) => deadlineFor(calendar, queueSettings, step);
    },
  };
  return createTaskQueue(desk, parts, queueSettings);
}
