/** The task table's filter: kept while the page lives, never in an address. */
import { reactive } from 'vue';
import type { FileFilter } from './data.js';

const AT_FIRST: Readonly<FileFilter> = {
  quarter: '',
  state: 'open',
  whose: 'all',
  area: '',
  violation: '',
  overdue: false,
  text: '',
  order: 'rank',
};

export const taskFilter = reactive<FileFilter>({ ...AT_FIRST });

/** How many of its fields were changed. */
export const changedFields = (filter: FileFilter): number =>
  (Object.keys(AT_FIRST) as (keyof FileFilter)[]).filter((field) => filter[field] !== AT_FIRST[field]).length;
