/**
 * tuban.yaml: the bureau's name and the recipe. Read strictly: an unknown word or a wrong value is refused with its line and
 * what was expected, all of them at once, for a setting that is silently ignored changes results unseen.
 */
import { readFileSync } from 'node:fs';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Fault } from '../../model/fault.js';
import { type JudgementRecipe, judgementRecipeSchema } from '../../model/judgement-recipe.js';
import { queueSettingsSchema } from '../../model/queue-settings.js';
import { recipeSchema } from '../../model/recipe.js';

const settingsSchema = z.strictObject({
  title: z.string().trim().min(1).max(100),
  recipe: recipeSchema.prefault({}),
  queue: queueSettingsSchema.prefault({}),
});
export type Settings = z.infer<typeof settingsSchema>;

interface Wrong {
  readonly line: number;
  readonly what: string;
}

export function readSettings(path: string): Settings {
  return parseSettings(readFileSync(path, 'utf8'), path);
}

/** `path` is for messages only. */
export function parseSettings(text: string, path: string): Settings {
  return parseYaml(text, path, settingsSchema);
}

function parseYaml<T>(text: string, path: string, schema: z.ZodType<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw refused(
      path,
      document.errors.map(({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        what: `不是有效的 YAML (not valid YAML): ${message}`,
      })),
    );
  }
  const result = schema.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  const wrong = result.error.issues.flatMap((issue): Wrong[] => {
    const places = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return places.map((at) => ({
      line: lineOf(document, lines, at),
      what: `${at.join('.')}: ${told(issue, at.length > 0 ? document.getIn(at) : document.toJS())}`,
    }));
  });
  throw refused(path, wrong);
}

function refused(path: string, wrong: readonly Wrong[]): Fault {
  const sorted = [...wrong].sort((a, b) => a.line - b.line);
  const list = sorted.map(({ line, what }) => `  第 ${line} 行 (line ${line}) ${what}`);
  return new Fault('workspace.settings', `${path} 有误，请改正 (has errors, please correct):\n${list.join('\n')}`, {
    details: { lines: sorted.map(({ line }) => line) },
  });
}

/** Line of the key at `at`, or of the nearest thing above it that is there. */
function lineOf(document: Document, lines: LineCounter, at: readonly PropertyKey[]): number {
  for (let length = at.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(at.slice(0, length - 1), true);
    if (!isMap(parent)) continue;
    const key = parent.items.map((item) => item.key).find((one) => isScalar(one) && one.value === at[length - 1]);
    if (isScalar(key) && key.range) return lines.linePos(key.range[0]).line;
  }
  return 1;
}

function told(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === 'unrecognized_keys') return '没有这个设置项 (there is no such setting)';
  const value = found === undefined ? '缺少 (missing)' : `现为 (found) ${JSON.stringify(found)}`;
  return `${value}，应为 (expected) ${expected(issue)}`;
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return issue.values.map(String).join(' | ');
    case 'too_small':
      return `${issue.inclusive === false ? '>' : '≥'} ${issue.minimum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'too_big':
      return `${issue.inclusive === false ? '<' : '≤'} ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    default:
      return issue.message;
  }
}

/**
 * A rule set as a file: the settings of `recipe.judgement` by themselves, or a whole tuban.yaml. What is left out has its default.
 * Fault workspace.settings.
 */
export function parseRuleSet(text: string, path: string): JudgementRecipe {
  const document = parseDocument(text, { prettyErrors: false });
  const isWhole = isMap(document.contents) && (document.has('recipe') || document.has('title'));
  return isWhole ? parseSettings(text, path).recipe.judgement : parseYaml(text, path, judgementRecipeSchema);
}

/** The text of tuban.yaml with another rule set; everything else, remarks included, stays as it was. */
export function withRuleSet(text: string, path: string, judgement: JudgementRecipe): string {
  const document = parseDocument(text);
  document.setIn(['recipe', 'judgement'], document.createNode(judgement));
  const changed = document.toString({ lineWidth: 0 });
  parseSettings(changed, path);
  return changed;
}
