/** Weights of the score from verdicts: proposed, previewed, adopted by a named person, put back. Who may is the port's to say. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { LearningState, WeightPreview, WeightProposal } from '../../model/learning.js';
import type { Learning } from '../../ports/learning.js';
import { instant, noun } from '../nouns.js';
import { idParams } from '../query.js';
import { actorOf } from '../who.js';

const config = { right: 'learning' } as const;
const DEFAULT_K = 20;
const MOST_K = 10_000;
const weights = z.record(z.string(), z.number());
const interval = z.array(z.number()).length(2);
const measured = z.looseObject({ value: z.number(), interval });
const compared = z.looseObject({ present: z.number().nullable(), learned: z.number().nullable() });
const bins = z.array(z.looseObject({ said: z.number(), found: z.number(), count: z.int() }));
const groups = z.array(z.looseObject({ group: z.string(), outcomes: z.int(), guilty: z.int(), auc: compared }));
const report = z.looseObject({
  outcomes: z.int().meta({ description: 'tasks with a verdict' }),
  guilty: z.int(),
  quarters: z.array(z.string()),
  refused: z.array(z.string()).meta({ description: 'what is lacking; empty: weights are proposed' }),
  precisions: z.array(z.looseObject({ k: z.int(), present: measured, learned: measured })),
  auc: compared,
  gain: interval.nullable().meta({ description: 'of the area under the curve, 95 %' }),
  reliability: z.looseObject({ present: bins, learned: bins }),
  byType: groups,
  byArea: groups,
  weights: weights.nullable(),
});
const proposal = z.looseObject({
  id: z.string(),
  at: instant,
  personName: z.string(),
  k: z.int(),
  baseHash: z.string(),
  state: z.enum(['fitting', 'interrupted', 'proposed', 'refused', 'failed']),
  report: report.nullable().meta({ description: 'figures of quarters that were left out of the fit' }),
  hash: z.string().nullable(),
});
const proposalSchema = noun<WeightProposal>('WeightProposal', proposal);
const adoption = z.looseObject({
  at: instant,
  personName: z.string(),
  kind: z.enum(['adopt', 'revert', 'file']).meta({ description: 'file: a rule set from a file, at the command line' }),
  hash: z.string(),
  reason: z.string(),
  outcome: z
    .enum(['open', 'written', 'left'])
    .meta({ description: 'whether tuban.yaml was written; open: not known yet' }),
});
const stateSchema = noun<LearningState>(
  'LearningState',
  z.looseObject({
    inForce: z.looseObject({ hash: z.string(), weights, adoption: adoption.nullable() }),
    proposal: proposal.nullable(),
    adoptions: z.array(adoption),
    sets: z.array(z.looseObject({ hash: z.string(), version: z.int(), weights, recordedAt: z.string() })),
    parts: z.array(z.looseObject({ part: z.string(), name: z.string() })),
    mayAdopt: z.boolean(),
  }),
);
const place = z.looseObject({ place: z.int(), score: z.number() });
const counts = z.looseObject({ before: z.int(), after: z.int() });
const previewSchema = noun<WeightPreview>(
  'WeightPreview',
  z.looseObject({
    quarters: z.array(
      z.looseObject({ quarter: z.string(), tasks: z.int(), firstK: z.int(), kept: z.int(), violations: counts }),
    ),
    moved: z.array(z.looseObject({ taskId: z.string(), quarter: z.string(), from: place, to: place })),
  }),
);
const reason = z.string().trim().min(1).max(1000);

export function learningRoutes(learning: Learning): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/learning',
      {
        config,
        schema: {
          summary: '排序学习：现行权重与最近的拟合 (weights in force, newest fit)',
          response: { 200: stateSchema },
        },
      },
      (request) => learning.state(actorOf(request)),
    );
    app.post(
      '/learning/proposals',
      {
        config,
        schema: {
          summary: '由认定拟合权重，另开进程进行 (fit weights to verdicts; answered before it is done)',
          body: z.strictObject({ k: z.int().min(1).max(MOST_K).default(DEFAULT_K) }),
          response: { 202: proposalSchema },
        },
      },
      async (request, reply) => {
        const begun = await learning.propose(actorOf(request), request.body.k);
        return reply.code(202).send(begun);
      },
    );
    app.get(
      '/learning/proposals/:id',
      {
        config,
        schema: {
          summary: '一次拟合及其检验 (a fit and its figures)',
          params: idParams,
          response: { 200: proposalSchema },
        },
      },
      (request) => learning.proposal(actorOf(request), request.params.id),
    );
    app.get(
      '/learning/proposals/:id/preview',
      {
        config,
        schema: {
          summary: '对以往季度和未了结任务的影响，不存储 (what it would do to past quarters and open tasks)',
          params: idParams,
          response: { 200: previewSchema },
        },
      },
      (request) => learning.preview(actorOf(request), request.params.id),
    );
    app.post(
      '/learning/proposals/:id/adopt',
      {
        config,
        schema: {
          summary: '采用 (put the proposed weights in force)',
          params: idParams,
          body: z.strictObject({ reason }),
          response: { 200: stateSchema },
        },
      },
      (request) => learning.adopt(actorOf(request), request.params.id, request.body.reason),
    );
    app.post(
      '/learning/revert',
      {
        config,
        schema: {
          summary: '恢复以前的规则集 (put an earlier rule set back)',
          body: z.strictObject({ hash: z.string().min(1).max(80), reason }),
          response: { 200: stateSchema },
        },
      },
      (request) => learning.revert(actorOf(request), request.body.hash, request.body.reason),
    );
  };
}
