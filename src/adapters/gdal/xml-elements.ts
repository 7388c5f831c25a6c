/**
 * xmlElements: a small XML reader for KML: elements without their prefixes, attributes, text with entities and CDATA decoded.
 * No DTD is followed and nothing outside the text is ever loaded. GDAL's KML drivers turn Chinese field names into underscores
 * (LIBKML) or leave them out (KML), hence this.
 */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, trimmed. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*(?:\[[\s\S]*?\])?[^>]*>|<(\/?)([^\s/>]+)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/?)>|([^<]+)/gy;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The document's outermost element. Throws SyntaxError with the place of the first thing that is no XML. */
export function xmlElements(text: string): XmlElement {
  const root: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open: OpenElement[] = [root];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    const current = open.at(-1) ?? root;
    if (!token) throw new SyntaxError(`no XML at character ${at}`);
    at += token[0].length;
    const [, cdata, closing, tag, attributes = '', empty, plain] = token;
    if (cdata !== undefined) current.text += cdata;
    else if (plain !== undefined) current.text += decoded(plain);
    else if (tag !== undefined && closing === '/') close(open, localName(tag), at);
    else if (tag !== undefined) {
      const element: OpenElement = {
        name: localName(tag),
        attributes: attributesOf(attributes),
        children: [],
        text: '',
      };
      current.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [outermost] = root.children;
  if (open.length > 1 || !outermost) throw new SyntaxError(`the text ends inside <${open.at(-1)?.name ?? ''}>`);
  return outermost;
}

function close(open: OpenElement[], name: string, at: number): void {
  const element = open.pop();
  if (!element || open.length === 0 || element.name !== name) throw new SyntaxError(`</${name}> at character ${at}`);
  element.text = element.text.trim();
}

const localName = (tag: string): string => tag.replace(/^.*:/, '');

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [name, decoded(double ?? single ?? '')]),
  );
}

function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
