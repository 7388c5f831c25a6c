/** What only tests need: programs for private servers, and a browser with a font for the map pages. */
import { findPostgres, findRedis } from '../test/servers.mjs';
import { aptInstall, postgisPackages } from './debian.mjs';
import { which } from './run-program.mjs';
import { SetupProblem, say } from './say.mjs';

export async function ensureTestServers(logs) {
  try {
    const packages = [];
    if (findPostgres().bin === null) packages.push(...(await postgisPackages(logs)));
    if (findRedis().path === null) packages.push('redis-server');
    // GDAL's own programs read what we write.
    if (which('ogrinfo') === null) packages.push('gdal-bin');
    // What was printed is looked at as a picture.
    if (which('pdftoppm') === null) packages.push('poppler-utils');
    if (which('chromium') === null) packages.push('chromium');
    if (packages.length > 0) await aptInstall(packages, ['测试', 'testing'], logs);
  } catch (error) {
    if (!(error instanceof SetupProblem) || process.env.CI) throw error;
    // On a user's machine the tests that need them are skipped, each with its reason.
    say(
      `测试用的服务器不全，有关测试将跳过：${error.message}`,
      'not all test servers are here; their tests will be skipped',
    );
  }
}
