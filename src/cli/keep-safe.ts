/** After a command that wrote much: the copy that survives a power cut. That it fails does not undo what the command did. */
import type { Session, Workspace } from './command.js';

export async function keepSafe(workspace: Workspace, session: Session): Promise<void> {
  try {
    await workspace.safeCopy();
  } catch (err) {
    workspace.log.error({ err }, 'Database:Copy:Failed');
    session.err(
      '安全副本未能写入，结果不受影响；请检查磁盘空间 (the safe copy could not be written; results stand; check the disk)\n',
    );
  }
}
