/**
 * Rate limits: per address before anything is looked up, so that a flood of made-up cookies costs little; per person after that. Wrong passwords have
 * limits of their own, kept in the database (sign-in).
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';

export interface RateLimits {
  /** A bureau's people often share one address. */
  readonly addressPerMinute: number;
  readonly personPerMinute: number;
}
export const RATE_LIMITS: RateLimits = { addressPerMinute: 30_000, personPerMinute: 1_200 };

/** `identify` adds the hooks between the two. */
export async function limitRates(app: FastifyInstance, limits: RateLimits, identify: () => void): Promise<void> {
  await app.register(rateLimit, { global: false });
  const common = { timeWindow: 60_000, cache: 20_000 };
  app.addHook('onRequest', app.rateLimit({ ...common, max: limits.addressPerMinute, keyGenerator: ({ ip }) => ip }));
  identify();
  app.addHook(
    'onRequest',
    app.rateLimit({
      ...common,
      max: limits.personPerMinute,
      keyGenerator: ({ actor }) => actor?.personId ?? '',
      allowList: ({ actor }) => actor === null,
    }),
  );
}
