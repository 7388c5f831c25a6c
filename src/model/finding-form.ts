/**
 * Finding form: what officers fill in after a look on site, as one schema: pages draw it, the command line and the API check with it. Text is
 * kept as text, whatever stands in it. Who the offender is leaves the form before it is stored (offender.ts of the database, encrypted).
 */
import { z } from 'zod';
import type { CodeKind } from './codes.js';
import { DATUMS } from './datum.js';

/** Goes up when a field changes its meaning. */
export const FORM_VERSION = 1;

const code = (kind: CodeKind, title: string) => z.string().trim().min(1).max(60).meta({ title, 'x-codes': kind });
const text = (title: string, most: number) => z.string().trim().max(most).meta({ title });
const instant = (title: string) => z.iso.datetime({ offset: true }).meta({ title });
const amount = (title: string, most: number) => z.number().min(0).max(most).nullable().default(null).meta({ title });
const degrees = (title: string, most: number) => z.number().min(-most).max(most).meta({ title });
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ title: '文件 SHA-256' });

const ringSchema = z
  .array(z.tuple([degrees('经度', 180), degrees('纬度', 90)]))
  .min(4)
  .max(5000);

const officerSchema = z.strictObject({
  name: text('姓名', 40).min(1),
  /** 执法证号. */
  number: text('执法证号', 40).nullable().default(null),
});

const positionSchema = z.strictObject({
  lon: degrees('经度', 180),
  lat: degrees('纬度', 90),
  datum: z.enum(DATUMS).meta({ title: '坐标系' }),
  accuracyM: z.number().min(0).max(100_000).nullable().default(null).meta({ title: '精度（米）' }),
});

const quantitiesSchema = z
  .strictObject({
    volumeM3: amount('方量（立方米）', 1e9),
    massT: amount('重量（吨）', 1e9),
    valueYuan: amount('价值（元）', 1e12),
    soldM3: amount('已销售方量（立方米）', 1e9),
    how: z
      .enum(['measured', 'estimated', 'stated'])
      .nullable()
      .default(null)
      .meta({ title: '实测 measured、估算 estimated、当事人陈述 stated' }),
  })
  .prefault({});

const equipmentSchema = z.strictObject({
  code: code('equipment', '设备'),
  count: z.int().min(1).max(10_000).meta({ title: '台套' }),
});

const fileSchema = z.strictObject({
  sha256,
  role: code('role', '附件用途'),
  note: text('说明', 500).default(''),
});

export const partSchema = z.strictObject({
  part: text('地块号', 20).min(1),
  /** Polygon rings in lon/lat of CGCS2000: the outline as surveyed on site. */
  outline: z.array(ringSchema).min(1).max(50).nullable().default(null).meta({ title: '实测范围' }),
  active: z.enum(['yes', 'no', 'unknown']).meta({ title: '正在开采' }),
  mineral: code('mineral', '矿种').nullable().default(null),
  method: code('method', '开采方式').nullable().default(null),
  violation: code('violation', '违法类型').nullable().default(null),
  equipment: z.array(equipmentSchema).max(50).default([]),
  quantities: quantitiesSchema,
  verdict: code('verdict', '认定意见'),
  handling: code('handling', '处理方式').nullable().default(null),
  reason: text('理由', 4000).nullable().default(null),
  files: z.array(fileSchema).max(200).default([]),
});
export type FindingPart = z.infer<typeof partSchema>;

export const offenderSchema = z.strictObject({
  kind: code('offender', '违法主体类别'),
  name: text('姓名或名称', 120).default(''),
  idNumber: text('证件号码', 40).default(''),
  phone: text('电话', 40).default(''),
  address: text('地址', 300).default(''),
  note: text('说明', 1000).default(''),
});
export type Offender = z.infer<typeof offenderSchema>;

export const findingFormSchema = z.strictObject({
  /** Version of the code table it was filled in with. */
  codesVersion: z.int().min(1).meta({ title: '代码表版本' }),
  arrivedAt: instant('到达时间'),
  leftAt: instant('离开时间'),
  officers: z.array(officerSchema).min(2).max(20).meta({ title: '执法人员（至少两人）' }),
  position: positionSchema.nullable().default(null).meta({ title: '核查位置' }),
  /** Asked for where there is no position. */
  noPositionReason: text('无定位的原因', 500).nullable().default(null),
  description: text('现场核查描述', 8000).min(1),
  offender: offenderSchema.nullable().default(null).meta({ title: '违法主体（单独加密保存）' }),
  measures: z.array(code('measure', '现场措施')).max(30).default([]).meta({ title: '现场措施' }),
  /** 责令停止违法行为通知书. */
  stopNotice: z
    .strictObject({ number: text('文书号', 80).min(1), on: z.iso.date().meta({ title: '日期' }) })
    .nullable()
    .default(null)
    .meta({ title: '责令停止违法行为通知书' }),
  parts: z.array(partSchema).min(1).max(50).meta({ title: '地块' }),
  files: z.array(fileSchema).max(500).default([]).meta({ title: '附件' }),
});
export type FindingForm = z.infer<typeof findingFormSchema>;

/** A wrong field. */
export interface FieldError {
  /** Such as `parts.0.verdict`; empty = the whole form. */
  readonly path: string;
  /** Stable: `form.<what>`. */
  readonly code: string;
  /** Chinese. */
  readonly message: string;
}

/** As submitted. */
export interface Finding {
  readonly id: string;
  readonly taskId: string;
  /** Of the task's file after the submission. */
  readonly revision: number;
  readonly personId: string;
  readonly at: string;
  readonly formVersion: number;
  /** Without the offender. */
  readonly form: Omit<FindingForm, 'offender'>;
  /** Null = none was named. The digest binds the encrypted record to this finding. */
  readonly offender: { readonly kind: string; readonly sealedSha256: string } | null;
}
