/** queue-file-parts: findings, files, verdicts and codes of a workspace, put together over a desk. */
import { join } from 'node:path';
import { createEvidenceStore, type EvidenceStore } from './adapters/evidence/store.js';
import { cipher } from './adapters/passwords/cipher.js';
import { workspaceFolder } from './adapters/workspace/folder.js';
import { workspaceKey } from './adapters/workspace/key-file.js';
import type { CodeTables } from './ports/codes.js';
import type { Desk, EngineDesk } from './ports/desk.js';
import type { Evidence } from './ports/evidence.js';
import type { EvidenceSweep } from './ports/evidence-sweep.js';
import type { FindingSteps, Findings } from './ports/findings.js';
import type { TaskBundle } from './ports/task-bundle.js';
import type { VerdictSteps, Verdicts } from './ports/verdicts.js';
import type { Workspace } from './ports/workspace.js';
import { createTaskBundle } from './queue-bundle.js';
import { createCodeTables } from './queue-codes.js';
import { createEvidence } from './queue-evidence.js';
import { createEvidenceSweep } from './queue-evidence-sweep.js';
import { createFindings } from './queue-findings.js';
import { taskPictures } from './queue-pictures.js';
import { createVerdicts } from './queue-verdicts.js';

const EVIDENCE_FOLDER = 'evidence';

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
    evidence: createEvidence(desk, storeOf(dir), settings),
    findings,
    verdicts: verdicts.verdicts,
    steps: { ...steps, ...verdicts.steps },
  };
}

export function bundlePart(workspace: Pick<Workspace, 'dir' | 'database' | 'pool'>, desk: Desk): TaskBundle {
  return createTaskBundle(desk, storeOf(workspace.dir), (task, files, mark) =>
    taskPictures(workspace, task, files, mark),
  );
}

/** `desk`: the console's or a person's. */
export function sweepPart(dir: string, desk: Desk, engine: EngineDesk): EvidenceSweep {
  return createEvidenceSweep(desk, engine, storeOf(dir));
}

function storeOf(dir: string): EvidenceStore {
  return createEvidenceStore(join(dir, EVIDENCE_FOLDER));
}
