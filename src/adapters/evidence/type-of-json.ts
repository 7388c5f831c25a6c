/**
 * typeOfJson: the member `type` of a JSON object (RFC 8259), told from its text without building anything from it: 50 MB of `{},{},…` that become
 * gigabytes and stop the program for half a minute when they are parsed are passed over here in a moment.
 * In:  text. Out: the last `type` of the outermost object, where it is a string and the whole is well-formed; else null.
 */

/** GeoJSON needs nine; properties may hold more. */
const MOST_DEPTH = 100;
/** As long as the name can be, were each of its letters written as an escape. */
const MOST_NAME = 26;
const LITERAL = /true|false|null|-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:[eE][+-]?\d{1,20})?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

export function typeOfJson(text: string): string | null {
  const closes: number[] = [];
  let at = afterBlank(text, 0);
  let type: string | null = null;
  if (text.charCodeAt(at) !== OPEN_OBJECT) return null;
  // Each round reads one value with what opens before it and closes behind it.
  for (;;) {
    let named = false;
    if (closes.at(-1) === CLOSE_OBJECT) {
      const end = afterString(text, at);
      if (end < 0) return null;
      named = closes.length === 1 && end - at <= MOST_NAME && said(text, at, end) === 'type';
      at = afterBlank(text, end);
      if (text.charCodeAt(at) !== COLON) return null;
      at = afterBlank(text, at + 1);
    }
    if (named) type = null;
    const first = text.charCodeAt(at);
    const close = first === OPEN_OBJECT ? CLOSE_OBJECT : first === OPEN_LIST ? CLOSE_LIST : null;
    if (close !== null) {
      if (closes.length === MOST_DEPTH) return null;
      closes.push(close);
      at = afterBlank(text, at + 1);
      if (text.charCodeAt(at) !== close) continue;
    } else {
      const end = first === QUOTE ? afterString(text, at) : afterLiteral(text, at);
      if (end < 0) return null;
      if (named && first === QUOTE) type = said(text, at, end);
      at = afterBlank(text, end);
    }
    while (closes.length > 0 && text.charCodeAt(at) === closes.at(-1)) {
      closes.pop();
      at = afterBlank(text, at + 1);
    }
    if (closes.length === 0) return at === text.length ? type : null;
    if (text.charCodeAt(at) !== COMMA) return null;
    at = afterBlank(text, at + 1);
  }
}

function afterBlank(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

const isBlank = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Of a string that was found to be one. */
const said = (text: string, from: number, to: number) => `${JSON.parse(text.slice(from, to))}`;

/** −1: no string begins here, or it does not end. */
function afterString(text: string, from: number): number {
  if (text.charCodeAt(from) !== QUOTE) return -1;
  for (let at = from + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20) return -1;
    if (code !== BACKSLASH) {
      at += 1;
      continue;
    }
    ESCAPE.lastIndex = at;
    if (!ESCAPE.test(text)) return -1;
    at = ESCAPE.lastIndex;
  }
  return -1;
}

function afterLiteral(text: string, at: number): number {
  LITERAL.lastIndex = at;
  return LITERAL.test(text) ? LITERAL.lastIndex : -1;
}
