/**
 * Where each page was scrolled to. The pages scroll inside `#content`, which the browser's history knows nothing of: back again one is where one was,
 * and a page that is opened begins at its top.
 */
import type { RouterScrollBehavior } from 'vue-router';

const kept = new Map<string, number>();
const content = (): HTMLElement | null => document.getElementById('content');

export function keepScroll(path: string): void {
  kept.set(path, content()?.scrollTop ?? 0);
}

export const scrollBehavior: RouterScrollBehavior = ({ path }, from, saved) => {
  if (path === from.path) return;
  content()?.scrollTo(0, saved === null ? 0 : (kept.get(path) ?? 0));
};
