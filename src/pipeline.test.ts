import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pipelineDocument, pipelineTable } from './pipeline.js';

it('docs/pipeline.md holds the table as it is (node scripts/docs-pipeline.mjs renews it)', () => {
  const text = readFileSync(new URL('../docs/pipeline.md', import.meta.url), 'utf8');
  expect(pipelineDocument(text, pipelineTable())).toBe(text);
});
