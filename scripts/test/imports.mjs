/**
 * The import rules: .dependency-cruiser.cjs over src and workers, and that only src/config.ts reads the environment and only
 * src/log.ts makes a logger's destination. Fails when nothing was cruised: a checker that sees no modules finds no faults.
 *   node scripts/test/imports.mjs
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const FEWEST_MODULES = 50;

/** @returns {Promise<{ modules: number, violations: string[] }>} */
export async function checkImports(root, folders = ['src', 'workers']) {
  const { forbidden, options } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
  const tsConfig = extractTSConfig(join(root, 'tsconfig.json'));
  const { output } = await cruise(
    folders,
    { ...options, baseDir: root, ruleSet: { forbidden }, validate: true },
    undefined,
    { tsConfig },
  );
  const own = output.modules.filter(({ source }) => /^(src|workers)\//.test(source));
  const violations = output.summary.violations.map(
    ({ rule, from, to, cycle }) =>
      `${rule.name}: ${from} → ${cycle ? cycle.map((step) => step.name ?? step).join(' → ') : to}`,
  );
  return { modules: own.length, violations: [...violations, ...environmentReaders(root)] };
}

function environmentReaders(root) {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|vue)$/.test(path) && !/\.test\.ts$|^testing\//.test(path) && path !== 'config.ts')
    .filter((path) =>
      /\bprocess\s*\.\s*env\b|\bprocess\s*\[|import\.meta\.env/.test(
        withoutComments(readFileSync(join(root, 'src', path), 'utf8')),
      ),
    )
    .map((path) => `environment-has-one-reader: src/${path} reads process.env; only src/config.ts may`)
    .sort();
}

/** A comment may speak of the environment. */
function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { modules, violations } = await checkImports(process.cwd());
  for (const violation of violations) process.stdout.write(`${violation}\n`);
  process.stdout.write(`${modules} modules, ${violations.length} violations\n`);
  if (modules < FEWEST_MODULES)
    process.stdout.write(`fewer than ${FEWEST_MODULES} modules were cruised: the check is not working\n`);
  process.exitCode = violations.length > 0 || modules < FEWEST_MODULES ? 1 : 0;
}
