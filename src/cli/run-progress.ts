/** progressLine: a bar that is drawn over itself on a terminal, a plain line now and then elsewhere. */
import type { RunRecord } from '../model/run.js';
import type { RunProgress } from '../pipeline.js';
import type { Session } from './command.js';

const WORDS: Readonly<Record<string, string>> = {
  fit: '配准与拟合',
  compare: '比对',
  assemble: '拼接图斑',
  attribute: '叠加与研判',
  publish: '发布任务',
  report: '汇总',
};
/** A log gets a line per tenth of the work, not one per block. */
const TENTHS = 10;

export interface ProgressLine {
  begin(run: RunRecord): void;
  show(progress: RunProgress): void;
  end(): void;
}

export function progressLine(session: Session): ProgressLine {
  let shown = '';
  let tenth = -1;
  return {
    begin({ quarter, plan }) {
      session.err(`${quarter}：影像对 ${plan.pairs.length} (image pairs)\n`);
    },
    show({ done, total, ready, finished }) {
      const word = finished ? '完成' : (WORDS[ready[0]?.job ?? ''] ?? '');
      if (session.stderrIsTerminal) {
        const width = Math.max(10, Math.min(40, session.columns - 40));
        const filled = Math.round((done / total) * width);
        const line = `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done}/${total} ${word}`;
        // Erases what a longer line before it left.
        if (line !== shown) session.err(`\r${line}\u001b[K`);
        shown = line;
        return;
      }
      const now = Math.floor((done / total) * TENTHS);
      if (now === tenth) return;
      tenth = now;
      session.err(`${done}/${total} ${word}\n`);
    },
    end() {
      if (session.stderrIsTerminal && shown !== '') session.err('\r\u001b[K');
      shown = '';
    },
  };
}
