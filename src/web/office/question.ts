/** A question that the whole page waits for, in a window over it (ModalBox.vue): asked by whoever needs the answer, once for all who do. */
import { type Ref, ref } from 'vue';

export interface Question {
  /** Its window is open. */
  readonly asked: Ref<boolean>;
  /** Whoever asks while it is open waits for the same answer. */
  ask(): Promise<boolean>;
  answer(yes: boolean): void;
}

function createQuestion(): Question {
  const asked = ref(false);
  let waiting: ((yes: boolean) => void)[] = [];
  return {
    asked,
    ask: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        asked.value = true;
      }),
    answer(yes) {
      asked.value = false;
      const those = waiting;
      waiting = [];
      for (const resolve of those) resolve(yes);
    },
  };
}

/** Whoever signed in a while ago shows again that it is he (RenewSignIn.vue). */
export const renewal = createQuestion();
/** Something was typed or drawn that would be lost (LeaveQuestion.vue). */
export const leaving = createQuestion();
