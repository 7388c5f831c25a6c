/**
 * formulaCells: cells of a sheet that hold a formula whose value was not stored with it, by their place (`W8`) → the formula as it was typed. A
 * program that writes formulas without computing them would otherwise leave them to be read as empty.
 */
import { strFromU8, unzipSync } from 'fflate';

/** `file`: of an unpacked size that is known to be small. */
export function formulaCells(file: Uint8Array, sheet: string): ReadonlyMap<string, string> {
  const files = unzipSync(file, { filter: ({ name }) => /^xl\/(workbook|worksheets\/[^/]+)\.xml$|\.rels$/.test(name) });
  const text = (name: string): string => (files[name] ? strFromU8(files[name]) : '');
  const relation = tags(text('xl/workbook.xml'), 'sheet').find((tag) => attribute(tag, 'name') === sheet);
  const id = relation && attribute(relation, 'r:id');
  const target = tags(text('xl/_rels/workbook.xml.rels'), 'Relationship').find((tag) => attribute(tag, 'Id') === id);
  const path = target && attribute(target, 'Target');
  if (path == null) return new Map();
  const found = new Map<string, string>();
  const content = text(path.startsWith('/') ? path.slice(1) : `xl/${path}`);
  for (const [, head = '', body = ''] of content.matchAll(/<c\b([^>]*[^/])>(.*?)<\/c>/gs)) {
    const formula = /<f\b[^>]*?(?:\/>|>(.*?)<\/f>)/s.exec(body);
    const place = attribute(head, 'r');
    if (!formula || place === null || /<v>[^<]+<\/v>/.test(body)) continue;
    found.set(place, `=${unescaped(formula[1] ?? '')}`);
  }
  return found;
}

const tags = (xml: string, name: string): string[] => xml.match(new RegExp(`<${name}\\b[^>]*>`, 'g')) ?? [];

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? null : unescaped(value);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
function unescaped(text: string): string {
  return text.replace(/&(?:(lt|gt|quot|apos|amp)|#(\d+)|#x([0-9a-fA-F]+));/g, (_, name, decimal, hex) =>
    name ? (ENTITIES[name] ?? '') : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
  );
}
