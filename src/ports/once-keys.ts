/** Keys of unsafe requests (Idempotency-Key) and what they were answered with. A person's keys are the person's own. */
import type { Once } from '../model/once.js';
import type { Actor } from '../model/person.js';

export interface OnceAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly etag: string | null;
  readonly body: string;
}

export interface OnceKeys {
  /** What the key was answered with; null: not seen. Fault api.key-reused for another request, api.key-busy where the first is not answered. */
  answer(actor: Actor, once: Once): Promise<OnceAnswer | null>;
  /** Keeps the answer of what was done. */
  keep(actor: Actor, once: Once, answer: OnceAnswer): Promise<void>;
  /** The request failed and changed nothing: its key may be used again. */
  free(actor: Actor, once: Once): Promise<void>;
}
