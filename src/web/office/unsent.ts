/**
 * What was typed or drawn and not sent: leaving the page by “back”, a link or closing the tab asks first. One guard for all pages and forms; a form
 * says whether it holds something, and may keep it first, so that nothing needs to be asked.
 */
import { onActivated, onDeactivated, onMounted, onUnmounted } from 'vue';
import type { Router } from 'vue-router';
import { leaving } from './question.js';
import { session } from './session.js';

interface Form {
  /** Something would be lost. */
  readonly holds: () => boolean;
  /** Stores it, if it can. Never rejects. */
  readonly keep: () => Promise<void>;
}

const open = new Set<Form>();
/** Whoever was signed out can't send any of it. */
const unsent = (): Form[] => (session.me === null ? [] : [...open].filter(({ holds }) => holds()));

/** Of a form of this component, as long as it is on the page. */
export function useUnsent(holds: Form['holds'], keep: Form['keep'] = async () => undefined): void {
  const form = { holds, keep };
  const begin = () => open.add(form);
  const end = () => open.delete(form);
  onMounted(begin);
  onActivated(begin);
  onDeactivated(end);
  onUnmounted(end);
}

export function askBeforeLeaving(router: Router): void {
  router.beforeEach(async ({ path }, from) => {
    if (path === from.path) return true;
    await Promise.all(unsent().map(({ keep }) => keep()));
    return unsent().length === 0 || leaving.ask();
  });
  window.addEventListener('beforeunload', (event) => {
    if (unsent().length > 0) event.preventDefault();
  });
}
