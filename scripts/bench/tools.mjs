/** tools: which programs this machine has, and their versions. A program that is missing is null. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import gdal from 'gdal-async';

/** The system's Python, not one that happens to come first: its packages go with the system's GDAL. */
export const PYTHON = '/usr/bin/python3';

function answer(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

const pythonVersion = (name) => answer(PYTHON, ['-c', `import ${name}; print(${name}.__version__)`]);
const has = (program) => answer('/bin/sh', ['-c', `command -v ${program}`]) !== null;
const VECTOR_TOOLS = ['gdal_sieve.py', 'gdal_polygonize.py', 'ogr2ogr'];

export function findTools() {
  const gdalInPython = pythonVersion('osgeo');
  const numpy = pythonVersion('numpy');
  const vectors = gdalInPython !== null && numpy !== null && VECTOR_TOOLS.every(has);
  // its help ends with a status of its own
  const otb = has('otbcli_BandMath') ? spawnSync('otbcli_BandMath', ['-help'], { encoding: 'utf8' }) : null;
  return {
    python: gdalInPython,
    numpy,
    scipy: pythonVersion('scipy'),
    gdalTools: vectors && has('gdal_calc.py') ? gdalInPython : null,
    otb:
      vectors && otb !== null ? (/version ([\d.]+)/.exec(otb.stdout + otb.stderr)?.[1] ?? 'of unknown version') : null,
  };
}

/** What the figures depend on besides the program. */
export function surroundings(tools) {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    tuban: version,
    node: process.versions.node,
    'GDAL in tuban': gdal.version,
    'GDAL in Python': tools.python,
    numpy: tools.numpy,
    scipy: tools.scipy,
    'Orfeo ToolBox': tools.otb,
  };
}
