import fc from 'fast-check';
import { expect, it } from 'vitest';
import { xmlElements } from './xml-elements.js';

it('reads prefixes, attributes, entities, CDATA, comments, empty elements', () => {
  const text =
    '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY x "y">]><!-- <a> --><k:kml a=\'1 > 0\' b="&quot;"><n>甲&amp;&#x4E59;&#19993;&x;</n><e/><d><![CDATA[<b>1 < 2</b>]]></d></k:kml>';
  expect(xmlElements(text)).toEqual({
    name: 'kml',
    attributes: { a: '1 > 0', b: '"' },
    text: '',
    children: [
      { name: 'n', attributes: {}, children: [], text: '甲&乙丙&x;' },
      { name: 'e', attributes: {}, children: [], text: '' },
      { name: 'd', attributes: {}, children: [], text: '<b>1 < 2</b>' },
    ],
  });
});

it.each(['', 'text', '<a>', '<a></b>', '<a></a', '</a>', '<a><b></a></b>'])('refuses %j', (text) => {
  expect(() => xmlElements(text)).toThrow(SyntaxError);
});

it('ends on any text, with an element or a SyntaxError', () => {
  const piece = fc.constantFrom(
    '<a>',
    '</a>',
    '<b c="',
    '"/>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?',
    '&#x110000;',
    '甲',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      try {
        expect(xmlElements(pieces.join('')).name).not.toBe('');
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }),
  );
});
