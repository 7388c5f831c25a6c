/** corner-text: which of the corner-point formats a text is, by its content, and its reading. */
import type { CornerFormat, CornerText } from '../../model/corners.js';
import { looksLikeExchange, readExchange } from './exchange.js';
import { looksLikeRegistration, readRegistration } from './registration.js';
import { isCornerString, readStringText } from './string.js';

const READERS: Readonly<Record<CornerFormat, (text: string) => CornerText>> = {
  exchange: readExchange,
  registration: readRegistration,
  string: readStringText,
};

/** null: none of them. */
export function cornerFormat(text: string): CornerFormat | null {
  if (looksLikeRegistration(text)) return 'registration';
  if (looksLikeExchange(text)) return 'exchange';
  const strings = text.split(/\r\n|\n|\r/).some((line) => line.split('\t').some(isCornerString));
  return strings ? 'string' : null;
}

/** Faults: corners.shifted, corners.unit. */
export function readCornerText(text: string, format: CornerFormat): CornerText {
  return READERS[format](text);
}
