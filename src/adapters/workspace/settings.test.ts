import { describe, expect, it } from 'vitest';
import { Fault } from '../../model/fault.js';
import { queueSettingsSchema } from '../../model/queue-settings.js';
import { recipeSchema } from '../../model/recipe.js';
import { parseSettings } from './settings.js';
import { settingsTemplate } from './settings-template.js';

const defaults = recipeSchema.parse({});

function refusal(text: string): string {
  try {
    parseSettings(text, 'tuban.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).blame).toBe('input');
    return (error as Fault).message;
  }
  throw new Error('was accepted');
}

describe('tuban.yaml', () => {
  it('as written by init gives the default recipe and the title, whatever the title is', () => {
    for (const title of ['神木市', 'a: "b" #c', '- x', '12']) {
      expect(parseSettings(settingsTemplate(title, defaults), 'x')).toEqual({
        title,
        recipe: defaults,
        queue: queueSettingsSchema.parse({}),
      });
    }
  });

  it('keeps another recipe through the template', () => {
    const recipe = recipeSchema.parse({
      raster: { kind: 'any', minAreaM2: 400, before: 'both' },
      judgement: { toleranceSigmas: 0 },
    });
    expect(parseSettings(settingsTemplate('x', recipe), 'x').recipe).toEqual(recipe);
  });

  it('may leave out everything but the title', () => {
    expect(parseSettings('title: 县\n', 'x').recipe).toEqual(defaults);
  });

  it('tells every wrong setting with its line and what was expected', () => {
    const message = refusal(
      'title: ok\nrecipe:\n  raster:\n    kind: minin\n    minAreaM2: -5\n  judgment:\n    x: 1\n',
    );
    const lines = message.split('\n').slice(1);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('line 4');
    expect(lines[0]).toContain('mining | any');
    expect(lines[1]).toMatch(/line 5.*-5.*> 0/);
    expect(lines[2]).toMatch(/line 6.*recipe\.judgment/);
  });

  it('tells what is missing, empty, doubled or no YAML at all', () => {
    expect(refusal('')).toMatch(/title.*missing/);
    expect(refusal('title: "  "\n')).toMatch(/line 1.*title/);
    expect(refusal('title: a\ntitle: b\n')).toMatch(/line 2/);
    expect(refusal('title: a\nrecipe: [1\n')).toMatch(/line \d/);
    expect(refusal('just text')).toMatch(/expected\) object/);
  });
});
