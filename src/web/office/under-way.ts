/** Requests that the server has not answered yet: the page shows that it works when the network is slow. */
import { ref } from 'vue';

export const underWay = ref(0);

/** Counted until it ends, well or not. */
export async function counted<T>(work: Promise<T>): Promise<T> {
  underWay.value++;
  try {
    return await work;
  } finally {
    underWay.value--;
  }
}
