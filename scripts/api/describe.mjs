/** The whole API as the built program registers it, without a workspace: its ports are named and never asked. */
import { readFileSync } from 'node:fs';
import { buildApi } from '../../dist/src/api/build.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
/** Every part is there, so that no route can be forgotten. */
const ALL_PARTS = new Proxy({}, { get: () => ({}) });

const log = { level: 'silent' };
for (const level of ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) log[level] = () => undefined;
log.child = () => log;

/** OpenAPI document and the list of routes. */
export async function describeApi() {
  const never = () => Promise.reject(new Error('not asked'));
  const app = await buildApi({
    title: '',
    version,
    database: 'embedded',
    reading: never,
    views: { box: never, picture: never },
    encodePng: never,
    webFolder: null,
    log,
    people: { signIn: { required: never }, people: {}, credentials: {}, trustedProxy: null, guard: () => undefined },
    queue: ALL_PARTS,
    onceKeys: null,
  });
  await app.ready();
  const described = { document: app.swagger(), routes: app.routeList };
  await app.close();
  return described;
}
