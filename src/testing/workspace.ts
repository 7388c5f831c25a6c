/** A workspace of its own for a test, in a fresh folder under the system's temporary folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWorkspaceFolder } from '../adapters/workspace/make.js';
import { openWorkspace } from '../app.js';
import { type Config, readConfig } from '../config.js';
import { silentLog } from '../log.js';
import { type Recipe, recipeSchema } from '../model/recipe.js';
import type { Workspace } from '../ports/workspace.js';

export interface TestWorkspaceOptions {
  /** Null or nothing = embedded. */
  readonly databaseUrl?: string | null;
  readonly redisUrl?: string | null;
  readonly recipe?: Recipe;
  /** Raster children at most. */
  readonly jobs?: number;
  /** An existing workspace folder instead of a fresh one; it is kept on close. */
  readonly dir?: string;
}

export interface TestWorkspace extends Workspace {
  close(): Promise<void>;
}

/** A fresh folder that is a workspace, not opened. */
export function makeTestWorkspaceFolder(recipe: Recipe = recipeSchema.parse({})): string {
  const dir = mkdtempSync(join(tmpdir(), 'tuban-test-'));
  makeWorkspaceFolder(dir, '测试县', recipe);
  return dir;
}

/** Opens the workspace in this process; call close when done, which also removes a fresh folder. */
export async function openTestWorkspace(options: TestWorkspaceOptions = {}): Promise<TestWorkspace> {
  const dir = options.dir ?? makeTestWorkspaceFolder(options.recipe);
  const config: Config = {
    ...readConfig({}),
    databaseUrl: options.databaseUrl ?? null,
    redisUrl: options.redisUrl ?? null,
    jobs: options.jobs ?? 2,
  };
  const { workspace, close } = await openWorkspace(dir, config, silentLog());
  return {
    ...workspace,
    async close() {
      await close();
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}
