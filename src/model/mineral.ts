/**
 * mineral: what a row of the register, or an issued patch, says is in the ground. Read from the attributes as they came, so that no polygon changes its
 * id by it. Names of fields are data, to be extended (register lists: 开采矿种, 开采主矿种); in order of preference; the last ones are names that a DBF
 * in UTF-8 has cut at ten bytes.
 */
import { normalisedName } from './field-name.js';

export const MINERAL_ALIASES: readonly string[] = [
  ...[
    '开采主矿种',
    '开采矿种',
    '主要矿种',
    '主矿种',
    '勘查矿种',
    '勘查主矿种',
    '矿种名称',
    '矿种',
    'mineral',
    'main_mineral',
  ],
  ...['KCZKZ', 'KCKZ', 'ZYKZ', 'ZKZ', 'KCKZMC', 'KZMC', 'KZ'],
  ...['开采主', '开采矿', '主要矿', '勘查矿', '勘查主', '矿种名'],
];

const WANTED = MINERAL_ALIASES.map(normalisedName);

/** As written; null: it does not say. */
export function mineralOf(attributes: Readonly<Record<string, unknown>>): string | null {
  const named = new Map(Object.entries(attributes).map(([name, value]) => [normalisedName(name), value]));
  for (const alias of WANTED) {
    const value = named.get(alias);
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    if (text !== '') return text;
  }
  return null;
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s/g, '')
    .replace(/矿[石砂产床]?$/, '');

/**
 * Whether one of these is named, of several or alone. A name of two characters or more counts within a longer one (稀土 in 离子型轻稀土矿); of a single
 * one only itself and itself with 矿: 金 is neither 金刚石 nor 金红石.
 */
export function namesMineral(text: string, names: readonly string[]): boolean {
  const written = text.split(/[、,，;；/／|+及与\s]+/u).map(plain);
  return names
    .map(plain)
    .some((name) => written.some((one) => one === name || ([...name].length > 1 && one.includes(name))));
}
