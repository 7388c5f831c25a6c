/** section: the part of docs/accuracy.md that the harness writes, between its two marks. */
import { CAUSES } from './deceivers/causes.mjs';
import { RADAR_SCENES } from './radar.mjs';
import { tables } from './tables.mjs';

const MARKS = ['<!-- accuracy:begin -->', '<!-- accuracy:end -->'];
const COPERNICUS = 'Contains modified Copernicus Sentinel data 2015–2018';
const LANDSAT =
  'Landsat-7, courtesy of the U.S. Geological Survey; pair and labels: ChangeDetectionRepository (MIT; Wu et al. 2014, Du et al. 2019)';

/** @param pictures {{ job, path }[]} paths as seen from the document. */
export function documentSection(results, pictures) {
  return [
    '## What `npm run accuracy` measures',
    '',
    'Written by `npm run accuracy -- --write`; everything is seeded, the same program gives the same text. The plain methods are',
    'reference implementations in `scripts/accuracy/baselines`. The causes are laid over unchanged ground of two places each, with',
    'five planted pits, so that seeing nothing is not rewarded (`scripts/accuracy/deceivers`); data: `fixtures/README.md`.',
    '',
    tables(results),
    '',
    '### Pictures',
    '',
    'Before · after · score (bright = strong, blue-grey = not seen) · patches: red any change, yellow mining, cyan planted or labelled.',
    '',
    ...pictures.flatMap(({ job, path }) => [
      `![${caption(job)}](${path})`,
      '',
      `*${caption(job)}. ${notice(job)}.*`,
      '',
    ]),
  ].join('\n');
}

/** Which pictures the document shows: of a cause's two places one is enough. */
export function worthShowing(results) {
  const pictured = results.filter(({ picture }) => picture !== null);
  return pictured.filter(({ job }, k) => !isSecondPlace(job, pictured.slice(0, k)));
}

function isSecondPlace({ section, id }, earlier) {
  return (
    section === 'deceivers' &&
    earlier.some(({ job }) => job.section === section && job.id.split('@')[0] === id.split('@')[0])
  );
}

function caption({ section, id, crop, on }) {
  if (section === 'real') return 'Taizhou, 2000 and 2003, any change';
  if (section === 'planted')
    return `${nameOf(crop)}, excavations planted on ${on === 'green' ? 'vegetated' : 'dry'} ground`;
  if (section === 'radar') return `Made radar pair, ${RADAR_SCENES.find((scene) => scene.id === id).text}`;
  const [cause, place] = id.split('@');
  return `${CAUSES.find((other) => other.id === cause).text}, laid over ${nameOf(place.split('-')[0])}`;
}

function notice({ section }) {
  if (section === 'real') return LANDSAT;
  if (section === 'radar') return 'Synthetic';
  return `${COPERNICUS}, altered`;
}

function nameOf(place) {
  return place === 'brasilia' ? 'Brasília' : `${place[0].toUpperCase()}${place.slice(1)}`;
}

/** The document with what is between the marks replaced, or with marks and section at the end. */
export function withSection(document, section, [begin, end] = MARKS) {
  const block = `${begin}\n${section.trimEnd()}\n${end}`;
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) return `${document.trimEnd()}\n\n${block}\n`;
  return document.slice(0, from) + block + document.slice(to + end.length);
}
