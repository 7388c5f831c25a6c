/**
 * A font with Chinese characters for printing, asked of fontconfig once; its glyphs that are used are embedded, so that the pages look the
 * same everywhere. Without one no page is written: a page of empty boxes would be found out about in the field.
 */
import { execFile } from 'node:child_process';
import { Fault } from '../../model/fault.js';

export interface PrintFont {
  readonly path: string;
  /** PostScript name: which font of a collection. */
  readonly name: string;
}

/** In the order of preference. */
const FAMILIES = [
  'Noto Sans CJK SC',
  'Noto Sans SC',
  'Source Han Sans SC',
  'Source Han Sans CN',
  'WenQuanYi Zen Hei',
  'WenQuanYi Micro Hei',
  'Droid Sans Fallback',
  'SimHei',
  'Microsoft YaHei',
  'SimSun',
  'Noto Serif CJK SC',
];
/** Formats whose outlines are known to come out in print; of others text can be searched while the page stays blank. */
const PRINTABLE = /\.(ttf|ttc|otf|otc)$/i;

let known: Promise<PrintFont> | null = null;

/** Fault pdf.font. */
export function printFont(): Promise<PrintFont> {
  known ??= listed().then(chosenFont);
  known.catch(() => {
    known = null;
  });
  return known;
}

function listed(): Promise<string> {
  const format = '%{file}|%{postscriptname}|%{family}|%{style}\n';
  return new Promise((resolve) => {
    execFile('fc-list', ['--format', format, ':lang=zh-cn'], { timeout: 10_000 }, (error, stdout) =>
      resolve(error ? '' : stdout),
    );
  });
}

/** Of what fontconfig lists: file|PostScript name|families|styles, a line each. */
export function chosenFont(list: string): PrintFont {
  const fonts = list
    .split('\n')
    .map((line) => line.split('|'))
    .filter(([path = '', name = '']) => PRINTABLE.test(path) && name !== '');
  for (const family of FAMILIES) {
    const own = fonts.filter(([, , families = '']) => families.split(',').includes(family));
    const regular = own.find(([, , , style = '']) =>
      style.split(',').some((one) => /^(Regular|Normal|Book)$/.test(one)),
    );
    const [path, name] = regular ?? own[0] ?? [];
    if (path !== undefined && name !== undefined) return { path, name };
  }
  throw new Fault(
    'pdf.font',
    '没有可用于打印的中文字体（TTF、TTC 或 OTF）；请运行 npm run setup 或安装 fonts-noto-cjk 后重试，或改用 .xlsx (no Chinese font to print with; install fonts-noto-cjk)',
    { blame: 'system' },
  );
}
