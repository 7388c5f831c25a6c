/** Entry of the embedded database's thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveEmbedded } from '../src/adapters/postgres/embedded-thread.js';

if (parentPort) void serveEmbedded(parentPort, workerData);
