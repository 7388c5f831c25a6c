/** Work that a page has under way, and what went wrong with the last one, in words for who waits for it. */
import { nextTick, type Ref, ref } from 'vue';
import { messageOf } from './ask.js';

export interface Work {
  readonly busy: Ref<boolean>;
  /** Empty: nothing. */
  readonly trouble: Ref<string>;
  /** Never rejects. */
  readonly run: (work: () => Promise<void>) => Promise<void>;
}

export function useWork(): Work {
  const busy = ref(false);
  const trouble = ref('');
  return {
    busy,
    trouble,
    async run(work) {
      const pressed = document.activeElement;
      busy.value = true;
      trouble.value = '';
      try {
        await work();
      } catch (error) {
        trouble.value = messageOf(error);
      } finally {
        busy.value = false;
        // A button that was disabled meanwhile has lost the focus: who works by keyboard goes on from it.
        await nextTick();
        if (document.activeElement === document.body && pressed instanceof HTMLElement) pressed.focus();
      }
    },
  };
}
