/**
 * Private servers for tests: a PostgreSQL with PostGIS and a Redis, each in its own temporary folder, started on first demand.
 * Each one has a small shell guard that waits on a pipe from this process: however this process ends (end of the tests,
 * Ctrl-C, a crash, kill -9), the pipe closes, the guard stops the server and removes its folder. So nothing is left behind.
 */
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Reads the server's process id, then waits: at "done" it leaves, at the end of the pipe it stops the server and cleans up. */
const GUARD = `folder=$1
read -r server || exit 0
read -r word
[ "$word" = done ] && exit 0
kill -INT "$server"
tries=0
while kill -0 "$server" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -KILL "$server" 2>/dev/null
rm -rf "$folder" "$folder.log"`;

/** Folder of PostgreSQL's programs, newest version that has PostGIS; or the reason why there is none. */
export function findPostgres() {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const bins = versions
    .filter((version) => existsSync(`/usr/share/postgresql/${version}/extension/postgis.control`))
    .map((version) => join(root, version, 'bin'))
    .filter((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')));
  if (bins[0]) return { bin: bins[0], reason: null };
  return { bin: null, reason: 'no PostgreSQL with PostGIS here (npm run setup -- --with-test-servers installs them)' };
}

export function findRedis() {
  const path = onPath('redis-server');
  if (path) return { path, reason: null };
  return { path: null, reason: 'no redis-server here (npm run setup -- --with-test-servers installs it)' };
}

/** PostgreSQL refuses to run as root: the user to become, or null to stay. */
function otherUser() {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('PostgreSQL does not run as root and there is neither a user postgres nor nobody');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/**
 * @param more settings of the server beside and before those for tests
 * @returns {Promise<{ freshUrl(): Promise<string>, stop(): Promise<void> }>}
 */
export async function startPostgres(more = {}) {
  const { bin, reason } = findPostgres();
  if (bin === null) throw new Error(reason);
  const user = otherUser();
  // A user that is not root may be unable to enter root's own temporary folder; socket paths must stay under 107 bytes.
  const folder = mkdtempSync(join(user || tmpdir().length > 60 ? '/tmp' : tmpdir(), 'tuban-pg-'));
  if (user) chownSync(folder, user.uid, user.gid);
  const as = user ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--'] : [];
  const data = join(folder, 'data');
  const initdb = [
    ...as,
    join(bin, 'initdb'),
    '-D',
    data,
    '-U',
    'tuban',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
  ];
  await run(initdb[0], [...initdb.slice(1), '--no-sync'], { cwd: folder });
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    max_connections: '100',
    shared_buffers: '64MB',
    ...more,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = guarded(folder, [...as, join(bin, 'postgres'), '-D', data, ...options]);
  const psql = (database, sql) =>
    run(join(bin, 'psql'), ['-h', folder, '-U', 'tuban', '-d', database, '-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', sql]);
  try {
    await server.ready(() => run(join(bin, 'pg_isready'), ['-q', '-h', folder, '-U', 'tuban', '-d', 'postgres']));
    await psql('postgres', 'CREATE DATABASE empty_postgis');
    await psql('empty_postgis', 'CREATE EXTENSION postgis');
  } catch (error) {
    await server.stop();
    throw error;
  }
  // CREATE DATABASE fails while another one copies the same template: one at a time.
  let last = Promise.resolve();
  const create = async () => {
    const name = `t_${randomUUID().replaceAll('-', '')}`;
    await psql('postgres', `CREATE DATABASE ${name} TEMPLATE empty_postgis STRATEGY file_copy`);
    return `postgresql://tuban@localhost/${name}?host=${encodeURIComponent(folder)}`;
  };
  return {
    freshUrl() {
      const mine = last.then(create);
      last = mine.catch(() => {});
      return mine;
    },
    stop: server.stop,
  };
}

/** @returns {Promise<{ freshUrl(): string, stop(): Promise<void> }>} */
export async function startRedis() {
  const { path, reason } = findRedis();
  if (path === null) throw new Error(reason);
  const databases = 512;
  const folder = mkdtempSync(join(tmpdir(), 'tuban-redis-'));
  const port = await freePort();
  const options = { port, bind: '127.0.0.1', dir: folder, databases, 'maxmemory-policy': 'noeviction' };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = guarded(folder, [path, ...args, '--save', '', '--appendonly', 'no']);
  try {
    await server.ready(() => ping(port));
  } catch (error) {
    await server.stop();
    throw error;
  }
  let next = 0;
  return { freshUrl: () => `redis://127.0.0.1:${port}/${next++ % databases}`, stop: server.stop };
}

/** Runs a server with its guard. `ready` asks until the question no longer throws, the server has died, or 30 s are over. */
function guarded(folder, command) {
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.stdin.on('error', () => {});
  const log = openSync(`${folder}.log`, 'a');
  const server = spawn(command[0], command.slice(1), { cwd: folder, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  guard.stdin.write(`${server.pid}\n`);
  guard.unref();
  server.unref();
  let ended = false;
  const end = new Promise((resolve) => {
    server.once('exit', () => {
      ended = true;
      resolve(undefined);
    });
  });
  return {
    async ready(question) {
      const deadline = Date.now() + 30_000;
      for (;;) {
        try {
          return await question();
        } catch (error) {
          if (ended || Date.now() > deadline) {
            const said = readFileSync(`${folder}.log`, 'utf8').slice(-2000);
            throw new Error(`${command.join(' ')} does not answer: ${error.message}\n${said}`);
          }
          await sleep(50);
        }
      }
    },
    async stop() {
      server.ref();
      // PostgreSQL's fast shutdown; Redis takes it as well.
      if (!ended) server.kill('SIGINT');
      await end;
      guard.stdin.end('done\n');
      rmSync(folder, { recursive: true, force: true });
      rmSync(`${folder}.log`, { force: true });
    },
  };
}

async function ping(port) {
  await new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(2000, () => socket.destroy(new Error('no answer to PING')));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      if (data.toString().startsWith('+PONG')) resolve(undefined);
      else reject(new Error(`not a Redis: ${data}`));
    });
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function onPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here
    }
  }
  return null;
}
