/** Read watch: what is unusual in who looked at places, told as figures and hints. A hint is never proof against a person. */

import type { Words } from './words.js';

export const MOST_QUIET = 50;

export type ReadHint = 'outside' | 'burst' | 'night' | 'quiet-after' | 'still-after';

export const READ_HINT_WORDS: Readonly<Record<ReadHint, Words>> = {
  outside: { zh: '查看本人任务和区域以外的地点偏多', en: 'many places outside his tasks and areas' },
  burst: { zh: '短时间内查看的地点偏多', en: 'many places in a short time' },
  night: { zh: '夜间查看偏多', en: 'much at night' },
  'quiet-after': { zh: '与任务无关而查看之后，现场无人开采的偏多', en: 'nobody digging after his looks, often' },
  'still-after': {
    zh: '与任务无关而查看之后，下一季影像无新变化的偏多',
    en: 'no new change in the next images after his looks, often',
  },
};

export interface ReaderLine {
  readonly personId: string;
  /** Has a role for every area. */
  readonly everywhere: boolean;
  /** Tasks looked at one by one, each counted once an hour. */
  readonly looks: number;
  readonly tasks: number;
  /** Of them neither the reader's own nor in an area of his. */
  readonly outside: number;
  /** Most tasks in any hour. */
  readonly busiest: number;
  /** Looks from 22 to 5 o'clock in China. */
  readonly night: number;
  /** Tasks that he had nothing to do with and where officers found out afterwards what is there; those where nobody dug. */
  readonly foundAfter: number;
  readonly quietAfter: number;
  /** The same where the next quarter's images were compared: those without new change after a quarter with change. */
  readonly comparedAfter: number;
  readonly stillAfter: number;
  /** Of both, in the order of their ids, at most `MOST_QUIET`. */
  readonly quietTasks: readonly string[];
  /** Tasks in lists and files that he took, each list counted. */
  readonly listed: number;
  readonly hints: readonly { readonly hint: ReadHint; readonly expected: number; readonly chance: number | null }[];
}

export interface ReadWatch {
  /** Those with hints first, then by the number of looks. */
  readonly readers: readonly ReaderLine[];
  /** Too few readers to compare one with the others. */
  readonly tooFew: boolean;
}
