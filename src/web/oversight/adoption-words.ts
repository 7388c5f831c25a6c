/** adoption-words: in which way a rule set came in force. */
import type { RuleAdoption } from '../../model/learning.js';

export const ADOPTION_WORDS: Readonly<Record<RuleAdoption['kind'], string>> = {
  adopt: '采用',
  revert: '恢复',
  file: '命令行采用',
};
