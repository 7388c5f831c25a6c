/** What the API is made of; app-serve.ts puts it together. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { QueueSettings } from '../model/queue-settings.js';
import type { AuditRecord } from '../ports/audit.js';
import type { CodeTables } from '../ports/codes.js';
import type { Evidence } from '../ports/evidence.js';
import type { ExportLog } from '../ports/export-log.js';
import type { Findings } from '../ports/findings.js';
import type { EncodeImage } from '../ports/image-encoder.js';
import type { Learning } from '../ports/learning.js';
import type { MissedPits } from '../ports/missed-pits.js';
import type { Notices } from '../ports/notices.js';
import type { OnceKeys } from '../ports/once-keys.js';
import type { PairViews } from '../ports/pair-views.js';
import type { People } from '../ports/people.js';
import type { PitList } from '../ports/pit-list.js';
import type { Reading } from '../ports/reading.js';
import type { ReadingWatch } from '../ports/reading-watch.js';
import type { Rounds } from '../ports/rounds.js';
import type { Credentials, SignIn } from '../ports/sign-in.js';
import type { Supervision } from '../ports/supervision.js';
import type { TaskBundle } from '../ports/task-bundle.js';
import type { TaskLists } from '../ports/task-lists.js';
import type { TaskQueue } from '../ports/task-queue.js';
import type { Verdicts } from '../ports/verdicts.js';
import type { Calendars } from '../ports/work-calendar.js';
import type { RateLimits } from './limits.js';

/** The queue's ports, each over the desk that takes keys (adapters/postgres/once-keys.ts). */
export interface QueueParts {
  readonly findings: Findings;
  readonly evidence: Evidence;
  readonly verdicts: Verdicts;
  readonly codes: CodeTables;
  readonly notices: Notices;
  readonly files: TaskQueue;
  readonly rounds: Rounds;
  readonly lists: TaskLists;
  readonly bundle: TaskBundle;
  readonly audit: AuditRecord;
  readonly pits: MissedPits;
  readonly pitList: PitList;
  readonly supervision: Supervision;
  readonly learning: Learning;
  readonly exports: ExportLog;
  readonly reads: ReadingWatch;
  readonly calendars: Calendars;
  readonly settings: QueueSettings;
}

export interface PeopleParts {
  readonly signIn: SignIn;
  readonly people: People;
  readonly credentials: Credentials;
  /** Addresses of the proxy in front, whose X-Forwarded-* headers are believed; null = none. */
  readonly trustedProxy: string | null;
  /** Adds the hook that says who asks: fills request.identity and request.actor, and refuses what comes from another site. */
  guard(app: FastifyInstance): void;
}

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
  /** Null: no people; this machine alone is answered. */
  readonly people: PeopleParts | null;
  readonly queue: Partial<QueueParts>;
  readonly onceKeys: OnceKeys | null;
  readonly limits?: RateLimits;
}
