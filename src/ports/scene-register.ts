/** What registering scenes needs from the database. */
import type { Scene } from '../model/scene.js';

export interface SceneRegister {
  /** Sorted by date, then id. */
  list(): Promise<Scene[]>;
  bySha256(sha256: string): Promise<Scene | null>;
  /** False where a scene of that id is there already: nothing is changed then. */
  add(scene: Scene): Promise<boolean>;
  /** The same contents at other places. */
  move(scene: Scene): Promise<void>;
  /** False where there is none of that id. */
  remove(id: string): Promise<boolean>;
}
