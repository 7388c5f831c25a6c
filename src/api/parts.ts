/** What the API is made of; app-serve.ts puts it together. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { EncodeImage } from '../ports/image-encoder.js';
import type { OnceKeys } from '../ports/once-keys.js';
import type { PairViews } from '../ports/pair-views.js';
import type { Reading } from '../ports/reading.js';

export interface ApiParts {
  readonly title: string;
  readonly version: string;
  readonly database: 'embedded' | 'server';
  readonly reading: Reading;
  readonly views: PairViews;
  readonly encodePng: EncodeImage;
  /** Folder of the built page; null = JSON and pictures only. */
  readonly webFolder: string | null;
  readonly log: FastifyBaseLogger;
  /** Says who asks, by hooks that fill request.actor. Null: no people; this machine alone is answered. */
  readonly signIn: ((app: FastifyInstance) => void) | null;
  readonly onceKeys: OnceKeys | null;
}
