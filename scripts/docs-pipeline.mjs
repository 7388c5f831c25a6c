/**
 * Writes the table of docs/pipeline.md from src/pipeline.ts (built), between the two marks; the prose around it is by hand.
 *   node scripts/docs-pipeline.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pipelineDocument, pipelineTable } from '../dist/src/pipeline.js';

const file = new URL('../docs/pipeline.md', import.meta.url);
writeFileSync(file, pipelineDocument(readFileSync(file, 'utf8'), pipelineTable()));
