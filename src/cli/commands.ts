/** Every command, one line each, in the order of `tuban --help`. */
import type { Register } from './command.js';
import { register as diff } from './diff.js';
import { register as init } from './init.js';
import { register as layer } from './layer.js';
import { register as scene } from './scene.js';

export const commands: readonly Register[] = [init, scene, layer, diff];
