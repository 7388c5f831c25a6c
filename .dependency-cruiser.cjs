/**
 * The import rules of the project: arrows only downward, no cycles, pure folders stay pure. `npm run imports` checks them and
 * also fails when nothing was cruised.
 *
 *   workers, cli → app and its flows → api, jobs → stages → kernels, geo → model;  adapters → ports → model
 */
const TEST = '\\.test\\.ts$|^src/testing/';
/** Flows and composition roots: the modules directly in src, except config and log. */
const FLOWS = '^src/(?!config\\.ts$|log\\.ts$)[^/]+\\.ts$';
const PURE = '^src/(model|kernels|geo)/|^src/stages/(?!.*/stage\\.ts$)';
/** What has an effect, a clock or randomness outside the arguments; node:crypto is for hashes only and allowed. */
const EFFECTS =
  '^(node:)?(fs|child_process|net|http|https|http2|dgram|os|cluster|worker_threads|readline|tls|dns|timers|process|perf_hooks)(/|$)';

/** One rule per folder: what it may import of the project's own source. */
function only(name, from, allowed, comment) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: from, pathNot: TEST },
    to: { path: '^(src|workers|scripts)/', pathNot: allowed },
  };
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'an import that leads nowhere would slip through every other rule',
      from: {},
      to: { couldNotResolve: true },
    },
    only('model-knows-only-itself', '^src/model/', ['^src/model/'], 'nouns depend on nothing'),
    only('kernels-know-only-types', '^src/kernels/', ['^src/kernels/', '^src/model/'], 'pixel loops'),
    only('geo-is-pure-geometry', '^src/geo/', ['^src/geo/', '^src/model/'], 'pure geometry'),
    only('ports-are-interfaces', '^src/ports/', ['^src/ports/', '^src/model/'], 'interfaces speak in nouns'),
    only(
      'a-core-is-pure',
      '^src/stages/([^/]+)/(?!stage\\.ts$)',
      ['^src/stages/$1/(?!stage\\.ts$)', '^src/(kernels|geo|model)/'],
      'a core needs only its arguments; another stage’s work comes in as data',
    ),
    only(
      'a-stage-knows-its-core-and-ports',
      '^src/stages/([^/]+)/stage\\.ts$',
      ['^src/stages/$1/', '^src/(ports|model|geo)/'],
      'stage.ts is load → call → save',
    ),
    only(
      'gdal-adapter',
      '^src/adapters/gdal/(?!compare\\.ts$|fit\\.ts$|look\\.ts$)',
      ['^src/adapters/gdal/', '^src/(ports|model|geo|kernels)/'],
      'reading and resampling happen in one go, so the GDAL adapter calls kernels',
    ),
    only(
      'gdal-fused-block',
      '^src/adapters/gdal/(compare|fit|look)\\.ts$',
      ['^src/adapters/gdal/', '^src/(ports|model|geo|kernels)/', '^src/stages/(fit|detect|assemble)/(?!stage\\.ts$)'],
      'pixels are decoded once and everything of a block happens in memory: these call the cores of fit, detect and assemble',
    ),
    only(
      'other-adapters',
      '^src/adapters/(?!gdal/)([^/]+)/',
      ['^src/adapters/$1/', '^src/(ports|model|geo)/'],
      'one package, one folder; adapters do not know each other',
    ),
    only(
      'jobs-know-the-pipeline-and-ports',
      '^src/jobs/',
      ['^src/jobs/', '^src/pipeline\\.ts$', '^src/(ports|model)/'],
      'the queue is transport',
    ),
    only(
      'api-knows-ports',
      '^src/api/',
      ['^src/api/', '^src/pipeline\\.ts$', '^src/(ports|model|geo)/'],
      'routes translate between HTTP and ports',
    ),
    only('web-knows-nouns', '^src/web/', ['^src/web/', '^src/model/'], 'pages run in a browser'),
    only(
      'flows-are-below-cli',
      FLOWS,
      [FLOWS, '^src/(adapters|stages|jobs|api|ports|model|geo|kernels)/', '^src/(config|log)\\.ts$'],
      'composition roots bring everything together, but know no command line',
    ),
    only(
      'workers-know-their-root',
      '^workers/',
      [
        '^src/app[^/]*\\.ts$',
        '^src/adapters/pool/',
        '^src/adapters/postgres/embedded-thread\\.ts$',
        '^src/(model|ports)/',
      ],
      'process entry points hold no logic',
    ),
    only(
      'config-and-log-stand-alone',
      '^src/(config|log)\\.ts$',
      ['^src/model/', '^src/(config|log)\\.ts$'],
      'read by the composition roots',
    ),
    {
      name: 'nobody-imports-entry-points',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: '^workers/|^src/cli/main\\.ts$' },
    },
    {
      name: 'commands-below-nothing',
      severity: 'error',
      comment: 'only the entry of the command line imports commands',
      from: { path: '^src/', pathNot: ['^src/cli/', TEST] },
      to: { path: '^src/cli/' },
    },
    {
      name: 'pure-means-no-effects',
      severity: 'error',
      comment: 'no I/O, clock, randomness or logger in model, kernels, geo and stage cores: they are arguments',
      from: { path: PURE, pathNot: TEST },
      to: { path: EFFECTS },
    },
    {
      name: 'pure-means-few-packages',
      severity: 'error',
      comment: 'pure code may use schemas and plane geometry, nothing that reaches out',
      from: { path: PURE, pathNot: TEST },
      to: { path: 'node_modules', pathNot: 'node_modules/(zod|proj4|@types/proj4|@turf|flatbush|wkt-parser|mgrs)/' },
    },
    ...[
      ['gdal', 'gdal-async', '^src/adapters/gdal/'],
      ['database', '(@electric-sql|pg)', '^src/adapters/postgres/'],
      ['queue', 'bullmq', '^src/jobs/'],
      ['redis', 'ioredis', '^src/(jobs|adapters/redis)/'],
      ['http', '(fastify|@fastify)', '^src/api/'],
      ['pictures', 'sharp', '^src/adapters/sharp/'],
      ['content-types', 'file-type', '^src/adapters/evidence/'],
      ['archives', 'fflate', '^src/adapters/(zip|xlsx)/'],
      ['passwords', '(@node-rs/argon2|otpauth)', '^src/adapters/passwords/'],
      ['paper', 'pdfkit', '^src/adapters/pdf/'],
      ['spreadsheets', '(read|write)-excel-file', '^src/adapters/xlsx/'],
      ['log', 'pino', '^src/log\\.ts$'],
    ].map(([name, packages, home]) => ({
      name: `one-home-for-${name}`,
      severity: 'error',
      comment: 'one package, one folder (types may travel)',
      from: { pathNot: [home, TEST, '^scripts/'] },
      to: { path: `node_modules/${packages}/`, dependencyTypesNot: ['type-only'] },
    })),
    {
      name: 'tests-stay-out-of-the-product',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: TEST },
    },
    {
      name: 'declared-packages',
      severity: 'error',
      comment: 'what the product imports at run time is a dependency of package.json',
      from: { path: '^(src|workers)/', pathNot: [TEST, '^src/web/'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      from: {},
      to: { path: '(^|/)index\\.ts$' },
    },
    {
      name: 'names-say-what',
      severity: 'error',
      from: {},
      to: { path: '^src/.*/(util|utils|helper|helpers|common|misc|manager|service)(/|\\.ts$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/\\.)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
