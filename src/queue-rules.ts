/** queue-rules: the rule set in force is the one in tuban.yaml: read when asked for, so that an adoption counts at once, and written whole. */
import { readFileSync } from 'node:fs';
import { replaceFile } from './adapters/files/replace-file.js';
import { existingWorkspace } from './adapters/workspace/folder.js';
import { readSettings, withRuleSet } from './adapters/workspace/settings.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';

export interface RulesFile {
  read(): JudgementRecipe;
  write(rules: JudgementRecipe): Promise<void>;
}

export function rulesFile(dir: string): RulesFile {
  return rulesFileAt(existingWorkspace(dir).settings);
}

/** `settings`: the workspace's tuban.yaml. */
export function rulesFileAt(settings: string): RulesFile {
  return {
    read: () => readSettings(settings).recipe.judgement,
    write: (rules) => replaceFile(settings, Buffer.from(withRuleSet(readFileSync(settings, 'utf8'), settings, rules))),
  };
}
