/** queue-file-parts: findings, files, verdicts and codes of a workspace, put together over a desk. */
import { join } from 'node:path';
import { createEvidenceStore } from './adapters/evidence/store.js';
import { cipher } from './adapters/passwords/cipher.js';
import { workspaceFolder } from './adapters/workspace/folder.js';
import { workspaceKey } from './adapters/workspace/key-file.js';
import type { CodeTables } from './ports/codes.js';
import type { Desk } from './ports/desk.js';
import type { Evidence } from './ports/evidence.js';
import type { FindingSteps, Findings } from './ports/findings.js';
import type { VerdictSteps, Verdicts } from './ports/verdicts.js';
import type { Workspace } from './ports/workspace.js';
import { createCodeTables } from './queue-codes.js';
import { createEvidence } from './queue-evidence.js';
import { createFindings } from './queue-findings.js';
import { createVerdicts } from './queue-verdicts.js';

export const EVIDENCE_FOLDER = 'evidence';

export interface FileParts {
  readonly codes: CodeTables;
  readonly evidence: Evidence;
  readonly findings: Findings;
  readonly verdicts: Verdicts;
  /** What the flow's submit, approve and reopen take in. */
  readonly steps: FindingSteps & VerdictSteps;
}

export function fileParts(
  { dir, recipe, queueSettings }: Pick<Workspace, 'dir' | 'recipe' | 'queueSettings'>,
  desk: Desk,
): FileParts {
  const settings = queueSettings.evidence;
  const { findings, steps } = createFindings(
    desk,
    cipher(() => workspaceKey(workspaceFolder(dir).inner)),
    settings,
  );
  const verdicts = createVerdicts(desk, { evidence: settings, sites: recipe.sites });
  return {
    codes: createCodeTables(desk),
    evidence: createEvidence(desk, createEvidenceStore(join(dir, EVIDENCE_FOLDER)), settings),
    findings,
    verdicts: verdicts.verdicts,
    steps: { ...steps, ...verdicts.steps },
  };
}
