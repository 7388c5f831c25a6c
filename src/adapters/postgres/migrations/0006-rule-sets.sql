-- Rule sets (judgement settings) as they were used or adopted: a task names the one that judged it, so that its score can be computed again.
CREATE TABLE tuban.rule_set (
  hash text PRIMARY KEY,
  version integer GENERATED ALWAYS AS IDENTITY,
  body jsonb NOT NULL,            -- the JudgementRecipe
  adopted_by text,                -- null: found in tuban.yaml by a run
  note text,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
