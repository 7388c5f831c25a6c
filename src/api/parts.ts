/** What the API is made of; app-serve.ts puts it together. */
import type { FastifyBaseLogger } from 'fastify';
import type { EncodeImage } from '../ports/image-encoder.js';
import type { PairViews } from '../ports/pair-views.js';
import type { QuarterRecord } from '../ports/quarter-record.js';

export interface ApiParts {
  readonly title: string;
  readonly version: string;
  readonly database: 'embedded' | 'server';
  readonly record: QuarterRecord;
  readonly views: PairViews;
  readonly encodePng: EncodeImage;
  /** Folder of the built page; null = JSON and pictures only. */
  readonly webFolder: string | null;
  readonly log: FastifyBaseLogger;
}
