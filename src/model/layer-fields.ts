/**
 * layer-fields: the names under which register layers carry what a boundary needs: those of the command-line interface and the
 * Chinese and pinyin names met in practice. Data, to be extended; names are compared without case, blanks and underscores.
 */
export type LayerField =
  | 'number'
  | 'name'
  | 'holder'
  | 'method'
  | 'status'
  | 'validFrom'
  | 'validTo'
  | 'period'
  | 'zoneKind';

/** In order of preference. */
export const FIELD_ALIASES: Readonly<Record<LayerField, readonly string[]>> = {
  number: [
    ...[
      'licence_no',
      'license_no',
      'licence_id',
      'license_id',
      'licence',
      'license',
      '许可证号',
      '采矿许可证号',
      '勘查许可证号',
      '许可证编号',
    ],
    ...[
      'XKZH',
      'CKXKZH',
      'KCXKZH',
      'XKZBH',
      'lid',
      '证号',
      '项目编号',
      'XMBH',
      'project_no',
      '图斑编号',
      'number',
      '编号',
      '地块编号',
      'BH',
    ],
  ],
  name: [
    ...[
      'mine',
      'mine_name',
      '矿山名称',
      '矿区名称',
      '矿山',
      '项目名称',
      '勘查项目名称',
      '工程名称',
      '区域名称',
      '行政区名称',
      '地块名称',
    ],
    ...['KSMC', 'KQMC', 'XMMC', 'GCMC', 'XZQMC', 'XMC', 'name', '名称', 'MC'],
  ],
  holder: [
    ...['holder', '采矿权人', '探矿权人', '矿业权人', '权利人', '许可证持有人', '申请人', '建设单位', '责任单位'],
    ...['KYQR', 'CKQR', 'TKQR', 'QLR', 'SQR', 'owner', 'company'],
  ],
  method: ['method', 'mining_method', '开采方式', 'KCFS'],
  status: ['status', '状态', '许可证状态', '矿山状态', '证件状态', 'XKZZT', 'ZT', 'state'],
  validFrom: [
    ...['valid_from', '有效期起', '有效期自', '有效期始', '有效期开始', '起始日期', '开始日期', '生效日期', '开工日期'],
    ...['YXQQ', 'YXQS', 'YXQKS', 'QSRQ', 'KSRQ', 'start_date'],
  ],
  validTo: [
    ...['valid_to', '有效期止', '有效期至', '有效期终', '有效期结束', '截止日期', '到期日期', '终止日期', '竣工日期'],
    ...['YXQZ', 'YXQJS', 'JZRQ', 'DQRQ', 'end_date'],
  ],
  period: ['valid_period', '有效期', '有效期限', 'YXQ', 'YXQX'],
  zoneKind: ['zone_kind', '区域类型', '重点区域类型', '区类型', '类型', 'QYLX', 'LX', 'zone_type'],
};

/** A DBF cuts names at 10 bytes, in whichever encoding its writer used. */
const DBF_NAME_BYTES = 10;

export type FieldMap = Readonly<Partial<Record<LayerField, string>>>;

/** Which of a file's fields is which. `encodings` count the bytes of a name as the writers of cut names did. */
export function mapFields(names: readonly string[], nameBytes: readonly ((text: string) => number)[] = []): FieldMap {
  const plain = new Map(names.map((name) => [normalised(name), name]));
  const found: Partial<Record<LayerField, string>> = {};
  const exactly = new Set(Object.values(FIELD_ALIASES).flat().map(normalised));
  const cuttable = new Map([...plain].filter(([name]) => !exactly.has(name)));
  for (const [field, aliases] of Object.entries(FIELD_ALIASES) as [LayerField, readonly string[]][]) {
    const exact = aliases.find((alias) => plain.has(normalised(alias)));
    const name = exact === undefined ? cutName(aliases, cuttable, nameBytes) : plain.get(normalised(exact));
    if (name !== undefined) found[field] = name;
  }
  return nameBytes.length === 0 ? found : { ...found, ...cutPeriod(plain) };
}

/** 有效期起 and 有效期止 of a UTF-8 table are both cut to 有效期; the second is then the end. */
function cutPeriod(plain: ReadonlyMap<string, string>): FieldMap {
  const [validFrom, validTo] = [plain.get('有效期'), plain.get('有效期2')];
  return validFrom !== undefined && validTo !== undefined ? { validFrom, validTo } : {};
}

function normalised(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\uFFFD]/g, '');
}

function cutName(
  aliases: readonly string[],
  plain: ReadonlyMap<string, string>,
  nameBytes: readonly ((text: string) => number)[],
): string | undefined {
  for (const alias of aliases) {
    for (const bytesOf of nameBytes) {
      let cut = '';
      for (const character of alias) {
        if (bytesOf(cut + character) > DBF_NAME_BYTES) break;
        cut += character;
      }
      const name = cut === alias ? undefined : plain.get(normalised(cut));
      if (name !== undefined) return name;
    }
  }
  return undefined;
}
