/** A clock for the page: the server's time, each second where something is counted down. */
import { onBeforeUnmount, type Ref, ref } from 'vue';
import { serverNow } from './ask.js';

export function useClock(everyMs = 1000): Ref<number> {
  const now = ref(serverNow());
  const timer = setInterval(() => {
    now.value = serverNow();
  }, everyMs);
  onBeforeUnmount(() => clearInterval(timer));
  return now;
}
