/**
 * paper-form: the finding form to be filled in by hand: the fields of finding-form.ts as boxes and lines, the workspace's codes as boxes to
 * tick, and two signatures. What is ticked is typed into the spreadsheet form or the page afterwards.
 */
import type { CodeKind, CodeTable } from '../../model/codes.js';
import { type Doc, heading, INNER, line, PAGE, type Paper } from './paper.js';

const SIZE = 8.5;
/** Of the whole form with two rows of measures; asked for before it is begun, so that it is never torn apart. */
export const FORM_HEIGHT = 470;

interface Field {
  readonly label: string;
  /** Share of the row. */
  readonly share: number;
}

export function drawForm(paper: Paper, codes: CodeTable | null, part: string): void {
  const { doc } = paper;
  heading(doc, `现场核查记录（地块 ${part}；一个图斑分为几块的，每块另填一份）`);
  row(doc, [
    { label: '到达时间', share: 0.5 },
    { label: '离开时间', share: 0.5 },
  ]);
  row(doc, [
    { label: '执法人员一', share: 0.25 },
    { label: '执法证号', share: 0.25 },
    { label: '执法人员二', share: 0.25 },
    { label: '执法证号', share: 0.25 },
  ]);
  row(doc, [
    { label: '实测经度', share: 0.25 },
    { label: '实测纬度', share: 0.25 },
    { label: '精度（m）', share: 0.17 },
    { label: '□CGCS2000　□WGS84　□GCJ-02', share: 0.33 },
  ]);
  ticks(doc, '正在开采', ['是', '否', '不能确定'], false);
  ticks(doc, '违法类型', wordsOf(codes, 'violation'));
  ticks(doc, '矿种', wordsOf(codes, 'mineral'));
  ticks(doc, '开采方式', wordsOf(codes, 'method'));
  row(doc, [
    { label: '设备及台套', share: 0.5 },
    { label: '方量（m³）', share: 0.25 },
    { label: '重量（t）', share: 0.25 },
  ]);
  row(doc, [
    { label: '价值（元）', share: 0.25 },
    { label: '已销售（m³）', share: 0.25 },
    { label: '来源  □实测  □估算  □当事人陈述', share: 0.5 },
  ]);
  ticks(doc, '违法主体类别', wordsOf(codes, 'offender'));
  row(doc, [{ label: '违法主体（姓名或名称、证件号、电话）', share: 1 }]);
  ticks(doc, '现场措施', wordsOf(codes, 'measure'));
  row(doc, [
    { label: '停止违法行为通知书编号', share: 0.6 },
    { label: '日期', share: 0.4 },
  ]);
  box(doc, '现场核查描述', 62);
  ticks(doc, '认定意见', wordsOf(codes, 'verdict'));
  ticks(doc, '违法处理方式', wordsOf(codes, 'handling'));
  box(doc, '理由（合法、伪变化、非立案、不处理须写明并附材料）', 34);
  row(doc, [
    { label: '远景照片（张）', share: 0.25 },
    { label: '近景照片（张）', share: 0.25 },
    { label: '其他附件', share: 0.5 },
  ]);
  row(
    doc,
    [
      { label: '执法人员签名（一）　　　　　　　　　年　月　日', share: 0.5 },
      { label: '执法人员签名（二）　　　　　　　　　年　月　日', share: 0.5 },
    ],
    30,
  );
  line(doc, '疑似线索，以实地核查为准；认定意见经审核后生效。', PAGE.left, doc.y + 2, { size: 7.5, colour: '#666666' });
  doc.y += 12;
}

function wordsOf(codes: CodeTable | null, kind: CodeKind): string[] {
  return (codes?.codes ?? []).filter((code) => code.kind === kind && !code.retired).map(({ zh }) => zh);
}

function row(doc: Doc, fields: readonly Field[], height = 20): void {
  let x: number = PAGE.left;
  for (const { label, share } of fields) {
    const width = INNER * share;
    doc.rect(x, doc.y, width, height).lineWidth(0.5).strokeColor('#555555').stroke();
    line(doc, label, x + 4, doc.y + 4, { size: SIZE, width: width - 8 });
    x += width;
  }
  doc.y += height;
}

/** Boxes to tick; without words a line to write on. */
function ticks(doc: Doc, label: string, words: readonly string[], open = true): void {
  if (words.length === 0) {
    row(doc, [{ label, share: 1 }]);
    return;
  }
  const from = PAGE.left + 74;
  const top = doc.y;
  let [x, y] = [from, top + 4];
  for (const text of [...words, ...(open ? ['其他：'] : [])]) {
    doc.fontSize(SIZE);
    const width = 14 + doc.widthOfString(text) + 8;
    if (x + width > PAGE.right - 4 && x > from) [x, y] = [from, y + 14];
    doc
      .rect(x, y + 1.5, 7.5, 7.5)
      .lineWidth(0.6)
      .strokeColor('#222222')
      .stroke();
    line(doc, text, x + 11, y, { size: SIZE });
    x += width;
  }
  const height = y - top + 16;
  line(doc, label, PAGE.left + 4, top + 4, { size: SIZE, width: 68 });
  doc.rect(PAGE.left, top, INNER, height).lineWidth(0.5).strokeColor('#555555').stroke();
  doc.y = top + height;
}

function box(doc: Doc, label: string, height: number): void {
  doc.rect(PAGE.left, doc.y, INNER, height).lineWidth(0.5).strokeColor('#555555').stroke();
  line(doc, label, PAGE.left + 4, doc.y + 4, { size: SIZE });
  doc.y += height;
}
