/** Every command, one line each, in the order of `tuban --help`. */
import type { Register } from './command.js';
import { register as diff } from './diff.js';

export const commands: readonly Register[] = [diff];
