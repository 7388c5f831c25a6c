/** The task table's filter: kept while the page lives, never in an address. */
import { reactive } from 'vue';
import type { FileFilter } from './data.js';

export const taskFilter = reactive<FileFilter>({
  quarter: '',
  state: 'open',
  whose: 'all',
  area: '',
  violation: '',
  overdue: false,
  text: '',
  order: 'rank',
});
