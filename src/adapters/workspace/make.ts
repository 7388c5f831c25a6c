/** Makes a folder a workspace: tuban.yaml, whole or not at all, and the program's own folder. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Recipe, recipeSchema } from '../../model/recipe.js';
import { isWorkspace, refuseForeign, workspaceFolder } from './folder.js';
import { readSettings } from './settings.js';
import { settingsTemplate } from './settings-template.js';

/** False: it was a workspace already, with valid settings, and nothing was changed. */
export function makeWorkspaceFolder(dir: string, title: string, recipe: Recipe = recipeSchema.parse({})): boolean {
  const folder = workspaceFolder(dir);
  if (isWorkspace(dir)) {
    readSettings(folder.settings);
    return false;
  }
  refuseForeign(dir);
  mkdirSync(dir, { recursive: true });
  mkdirSync(folder.inner, { recursive: true, mode: 0o700 });
  const draft = join(folder.inner, `settings-${process.pid}.yaml`);
  try {
    writeFileSync(draft, settingsTemplate(title, recipe));
    renameSync(draft, folder.settings);
  } finally {
    rmSync(draft, { force: true });
  }
  return true;
}

export function hasEmbeddedDatabase(dir: string): boolean {
  return existsSync(join(workspaceFolder(dir).database, 'PG_VERSION'));
}
