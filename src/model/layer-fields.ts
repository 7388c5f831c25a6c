/**
 * layer-fields: the names under which register layers carry what a boundary needs: those of the command-line interface and the
 * Chinese and pinyin names met in practice. Data, to be extended; names are compared without case, blanks and underscores.
 */
import type { PersonLevel } from './boundary.js';

export type LayerField =
  | 'number'
  | 'name'
  | 'holder'
  | 'method'
  | 'status'
  | 'validFrom'
  | 'validTo'
  | 'period'
  | 'zoneKind'
  | 'effectiveFrom'
  | 'purpose'
  | 'endedOn'
  | 'suspendedFrom'
  | 'suspendedTo'
  | 'acceptedOn'
  | 'acceptedUntil'
  | 'bufferM'
  | PersonField;

/** Who answers for the place, at each level. */
export type PersonField = `${PersonLevel}${'Person' | 'Phone'}`;

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
  effectiveFrom: [
    ...[
      'effective_from',
      'effective_date',
      '变更日期',
      '换证日期',
      '换发日期',
      '颁发日期',
      '发证日期',
      '登记日期',
      '公告日期',
    ],
    ...['BGRQ', 'HZRQ', 'BFRQ', 'FZRQ', 'DJRQ', 'GGRQ'],
  ],
  purpose: ['项目类型', '登记类型', '申请类型', '业务类型', 'XMLX', 'DJLX', 'purpose'],
  endedOn: ['ended_on', '注销日期', '吊销日期', '废止日期', '关闭日期', '取缔日期', 'ZXRQ', 'GBRQ'],
  suspendedFrom: ['suspended_from', '停产日期', '停产起', '停产开始', '暂扣日期', '暂扣起', '中止日期', 'TCRQ'],
  suspendedTo: ['suspended_to', '停产止', '停产结束', '复产日期', '暂扣止', '恢复日期', 'FCRQ'],
  acceptedOn: ['accepted_on', '受理日期', '延续受理日期', 'SLRQ'],
  acceptedUntil: ['accepted_until', '受理期至', '受理有效期至', '延续受理期至', 'SLQZ'],
  bufferM: ['buffer_m', '缓冲距离', '缓冲半径', 'HCJL', 'buffer'],
  countyPerson: ['county_person', '县级责任人', '县区责任人', '区级责任人', '县级包保责任人', '县级领导', 'XJZRR'],
  countyPhone: ['county_phone', '县级责任人电话', '县级电话', 'XJDH'],
  townshipPerson: [
    ...[
      'township_person',
      '乡镇责任人',
      '乡级责任人',
      '镇级责任人',
      '包村领导',
      '乡镇包村领导',
      '乡镇干部',
      '街道责任人',
      'XZZRR',
    ],
    'BCLD',
  ],
  townshipPhone: ['township_phone', '乡镇责任人电话', '包村领导电话', '乡镇电话', 'XZDH'],
  villagePerson: [
    'village_person',
    '村级责任人',
    '村责任人',
    '包片村干部',
    '村干部',
    '责任人',
    'CJZRR',
    'ZRR',
    'person',
  ],
  villagePhone: [
    'village_phone',
    '村级责任人电话',
    '村干部电话',
    '责任人电话',
    '村级电话',
    '联系电话',
    'CJDH',
    'LXDH',
    'phone',
  ],
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
