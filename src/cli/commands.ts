/** Every command, one line each, in the order of `tuban --help`. */

import { register as area } from './area.js';
import { register as audit } from './audit.js';
import { register as calendar } from './calendar.js';
import { register as codes } from './codes.js';
import type { Register } from './command.js';
import { register as diff } from './diff.js';
import { register as doctor } from './doctor.js';
import { register as evidence } from './evidence.js';
import { register as explain } from './explain.js';
import { register as exportAll } from './export.js';
import { register as init } from './init.js';
import { register as layer } from './layer.js';
import { register as learn } from './learn.js';
import { register as notices } from './notices.js';
import { register as observations } from './observations.js';
import { register as patches } from './patches.js';
import { register as registerCommand } from './register.js';
import { register as rejudge } from './rejudge.js';
import { register as report } from './report.js';
import { register as rounds } from './rounds.js';
import { register as rules } from './rules.js';
import { register as run } from './run.js';
import { register as scene } from './scene.js';
import { register as serve } from './serve.js';
import { register as sites } from './sites.js';
import { register as supervision } from './supervision.js';
import { register as tasks } from './tasks.js';
import { register as team } from './team.js';
import { register as token } from './token.js';
import { register as user } from './user.js';
import { register as worker } from './worker.js';

export const commands: readonly Register[] = [
  init,
  scene,
  layer,
  registerCommand,
  run,
  rejudge,
  tasks,
  evidence,
  rounds,
  sites,
  patches,
  observations,
  explain,
  diff,
  user,
  team,
  area,
  token,
  serve,
  worker,
  doctor,
  exportAll,
  report,
  rules,
  learn,
  codes,
  supervision,
  calendar,
  notices,
  audit,
];
