/** Composition root of `tuban serve`'s HTTP side: a workspace → the API with its page. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { createDesk } from './adapters/postgres/desk.js';
import { createOnceKeys, deskWithKeys } from './adapters/postgres/once-keys.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { createReading } from './adapters/postgres/reading.js';
import { encodePng } from './adapters/sharp/encode.js';
import { pairViews } from './adapters/views/pair-views.js';
import { buildApi } from './api/build.js';
import { guardOf } from './api/sign-in.js';
import { packageVersion } from './config.js';
import type { Workspace } from './ports/workspace.js';
import { queueAccess } from './queue-access.js';
import { queueParts } from './queue-parts.js';

/** `trustedProxy`: addresses of a proxy in front, as proxy-addr takes them; null = none. */
export async function serveApi(workspace: Workspace, trustedProxy: string | null = null): Promise<FastifyInstance> {
  const record = quarterRecord(workspace.database);
  const desk = createDesk(workspace.database);
  const access = queueAccess(workspace, deskWithKeys(desk));
  return buildApi({
    title: workspace.title,
    version: packageVersion(),
    database: workspace.database.kind,
    reading: createReading(workspace.database, desk),
    views: pairViews(workspace.pool, record),
    encodePng,
    webFolder: webFolder(),
    log: workspace.log,
    people: { ...access, guard: guardOf(access.signIn), trustedProxy },
    queue: queueParts(workspace, desk),
    onceKeys: createOnceKeys(desk),
  });
}

/** dist/src/web of this package, where the page was built; null where it was not. */
function webFolder(): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  const built = join(folder, 'dist', 'src', 'web');
  return existsSync(join(built, 'index.html')) ? built : null;
}
