/**
 * Settings of the queue (`queue:` in tuban.yaml): levels of review, working days, leases, rounds. They change what people have to do and until
 * when, never a result of a run, so they are no part of the recipe. Defaults of deadlines: Fujian's rules of 2021 (first check 10 working days,
 * county 10, city 5; key and returned patches 5 each); the others are judgements.
 */
import { z } from 'zod';
import { REVIEW_LEVELS } from './person.js';
import { ZONE_KINDS } from './zone-kinds.js';

const days = z.int().min(1).max(250);
const levels = z.array(z.enum(REVIEW_LEVELS)).min(1).readonly();
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM');

const leaseSchema = z.strictObject({
  /** Hours that a claim lasts, that of a day's round, and how often it can be extended by as much again. */
  hours: z.number().positive().max(1000).default(72),
  roundHours: z.number().positive().max(200).default(24),
  extensions: z.int().min(0).max(20).default(2),
  /** Hours before its end at which its holder is warned. */
  warnHours: z.number().min(0).max(200).default(6),
  /** Tasks that one person may hold at a time. */
  most: z.int().min(1).max(500).default(20),
});

/** Working days for the first check (with the field work) and for each level's review. */
const deadlineSchema = z.strictObject({ field: days, station: days, county: days, city: days });

const megabytes = z.number().positive().max(100_000);

/** Files: greatest sizes, and from where on a photo is far from its patch. */
const evidenceSchema = z.strictObject({
  imageMb: megabytes.default(40),
  videoMb: megabytes.default(500),
  documentMb: megabytes.default(50),
  /** All files of a task together. */
  taskMb: megabytes.default(2000),
  /** How many a task may have. */
  taskFiles: z.int().min(1).max(10_000).default(500),
  farM: z.number().positive().max(100_000).default(300),
  /** A camera may look this far past the patch's edge and still show it, degrees. */
  headingDeg: z.number().min(0).max(180).default(45),
  /** Directions (quarters of the horizon) from which photos must show a patch for 伪变化 and 合法. */
  directions: z.int().min(1).max(4).default(3),
});
export type EvidenceSettings = z.infer<typeof evidenceSchema>;

export const queueSettingsSchema = z.strictObject({
  /** Reviews that an ordinary and a key patch go through, in this order. */
  levels: levels.default(['station', 'county']),
  keyLevels: levels.default(['station', 'county', 'city']),
  deadlines: deadlineSchema.default({ field: 10, station: 10, county: 10, city: 5 }),
  keyDeadlines: deadlineSchema.default({ field: 5, station: 5, county: 5, city: 5 }),
  /** Working days for a returned patch, at each level. */
  returnedDays: days.default(5),
  /** What makes a patch a key patch: kinds of key zones that it touches, and an area in mu from which it is one (null = none). */
  keyZones: z
    .array(z.string().refine((code) => ZONE_KINDS.some((zone) => zone.code === code), 'a code of docs/layers.md'))
    .readonly()
    .default(['red-line', 'protected-area', 'farmland', 'river']),
  keyAreaMu: z.number().positive().nullable().default(10),
  /**
   * Minerals that make it one, where a title or closed mine at most so many metres away names them (0: that it touches), or the issuer does.
   * 稀土 is the one that Fujian's rules name; which others are strategic they leave to the reader, and so does this. 50 m is a judgement.
   */
  keyMinerals: z.array(z.string().trim().min(1).max(30)).max(200).readonly().default(['稀土']),
  keyMineralM: z.number().min(0).max(5000).default(50),
  lease: leaseSchema.prefault({}),
  round: z
    .strictObject({
      /** Road over straight line, km/h on the way, minutes at a stop. */
      detour: z.number().min(1).max(5).default(1.4),
      speedKmh: z.number().positive().max(200).default(40),
      stopMinutes: z.number().positive().max(600).default(15),
    })
    .prefault({}),
  evidence: evidenceSchema.prefault({}),
  notices: z
    .strictObject({
      /** Asia/Shanghai: when the day's digest goes out, and between which hours nothing is sent. */
      digestAt: clock.default('08:00'),
      quietFrom: clock.default('20:00'),
      quietTo: clock.default('07:30'),
      /** Working days before a deadline at which its holder is told. */
      warnDays: z.int().min(0).max(60).default(2),
      /** Working days overdue after which the next responsible person is told, and again after as many the one above. */
      escalateDays: z.int().min(1).max(60).default(2),
    })
    .prefault({}),
});
export type QueueSettings = z.infer<typeof queueSettingsSchema>;
