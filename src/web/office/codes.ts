/** The code table, asked for when a page needs it. */
import type { CodeTable } from '../../model/codes.js';
import { ask } from './ask.js';

export const getCodes = (): Promise<CodeTable> => ask('GET', '/codes');

export const verdictText = (codes: CodeTable | null, code: string): string =>
  codes?.codes.find((one) => one.kind === 'verdict' && one.code === code)?.zh ?? code;
