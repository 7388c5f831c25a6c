/**
 * queue-changed: tasks that a run, judging again or a late licence made otherwise → whoever has the open file in hand is told that there is
 * something to look at; never what or where. The same change is told once.
 */
import { openFilesOn, takeChangedTasks } from './adapters/postgres/changed-tasks.js';
import { activePeople } from './adapters/postgres/file-clocks.js';
import { addNotices } from './adapters/postgres/notices.js';
import { bothTasks } from './adapters/postgres/opened-tasks.js';
import type { NewNotice } from './model/notice-kind.js';
import type { EngineDesk } from './ports/desk.js';
import { changeOf } from './queue-change.js';
import { responsible } from './stages/remind/remind.js';

const BATCH = 200;

export async function tellChanges(desk: EngineDesk, device: string): Promise<void> {
  for (let taken = BATCH; taken === BATCH; ) {
    taken = await desk.engine(device, async (turn) => {
      const ids = await takeChangedTasks(turn, BATCH);
      if (ids.length === 0) return 0;
      const people = await activePeople(turn);
      const notices: NewNotice[] = [];
      for (const id of ids) {
        const concerned = (await openFilesOn(turn, id)).flatMap((file) => {
          const ids = responsible(file, people);
          return ids.length === 0 ? [] : [{ file, ids }];
        });
        // Most of a county's list is in nobody's hands.
        const both = concerned.length === 0 ? null : await bothTasks(turn, id);
        if (!both) continue;
        for (const { file, ids: told } of concerned) {
          const change = changeOf(both.opened, both.newest, file.acknowledged, both.successors);
          if (change === null || change.acknowledged) continue;
          for (const personId of told) {
            notices.push({ personId, kind: 'changed', taskId: file.taskId, dueOn: null, about: change.hash });
          }
        }
      }
      await addNotices(turn, notices);
      return ids.length;
    });
  }
}
