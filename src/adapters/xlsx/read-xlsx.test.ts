/** What other programs leave in a sheet: formulas with and without a stored value. */
import { strToU8, unzipSync, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import { readXlsx } from './read-xlsx.js';

/** A workbook of two sheets, in whose second the cells of row 2 are replaced by what is given. */
async function withCells(cells: string): Promise<Uint8Array> {
  const book = await writeExcelFile([
    { sheet: '甲', data: [['a']] },
    {
      sheet: '乙',
      data: [
        ['头', '头二', '头三'],
        [1, 2, 3],
      ],
    },
  ]).toBuffer();
  const files = unzipSync(book);
  const entry = Object.entries(files).find(([, bytes]) => new TextDecoder().decode(bytes).includes('r="2"'));
  if (!entry) throw new Error('no row 2');
  const [name, bytes] = entry;
  const xml = new TextDecoder().decode(bytes).replace(/(<row[^>]* r="2"[^>]*>).*?(<\/row>)/s, `$1${cells}$2`);
  return zipSync({ ...files, [name]: strToU8(xml) });
}

it('reads the stored value of a formula, and of one without a value what was typed: never an empty cell', async () => {
  const cells = [
    '<c r="A2"><f>700+5</f><v>705</v></c>',
    '<c r="B2"><f>IF(A2&gt;1,&quot;是&quot;)</f></c>',
    '<c r="C2"><f t="shared" si="0"/><v></v></c>',
  ];
  const rows = await readXlsx(await withCells(cells.join('')), '乙');
  expect(rows[1]).toEqual([705, '=IF(A2>1,"是")', '=']);
  expect(await readXlsx(await withCells(cells.join('')), '甲')).toEqual([['a']]);
});
