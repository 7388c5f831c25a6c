/** Before a run uses a scene: its files are still those that were registered. */
import { Fault } from '../../model/fault.js';
import type { Scene } from '../../model/scene.js';
import type { SceneFiles } from '../../ports/scene-files.js';

/** Faults: scene.gone, scene.changed. */
export async function verifyScene(scene: Scene, files: SceneFiles): Promise<void> {
  for (const file of scene.files ?? []) {
    const state = await files.state(file);
    if (state === 'missing') {
      throw new Fault(
        'scene.gone',
        `影像 ${scene.id} 的文件不在了：${file.path}；若已移动，请用 tuban scene add 指明新位置，否则 tuban scene remove ${scene.id} ` +
          '(the file of a registered image is gone: add it again where it is now, or remove the image)',
        { details: { scene: scene.id, path: file.path } },
      );
    }
    if (state === 'changed') {
      throw new Fault(
        'scene.changed',
        `影像 ${scene.id} 的文件内容在登记之后变了：${file.path}；请恢复原文件，或 tuban scene remove ${scene.id} 后重新登记 ` +
          '(the file has other contents than when it was registered: restore it, or remove and add the image again)',
        { details: { scene: scene.id, path: file.path } },
      );
    }
  }
}
