/** What registering and running scenes need from the file system. */
import type { SceneFile } from '../model/scene.js';

export interface SceneFiles {
  /** Streams the file. Faults: scene.missing, scene.unreadable. */
  digest(path: string): Promise<SceneFile>;
  /** `missing`; `changed` = other contents than registered (size and time are looked at first, the hash where they differ). */
  state(file: SceneFile): Promise<'same' | 'missing' | 'changed'>;
  /** Files that a command-line argument means: itself, a folder's images, or a pattern with * and ?. Sorted. Faults: scene.no-match. */
  expand(argument: string, folder: string): Promise<string[]>;
}
