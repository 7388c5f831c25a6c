/**
 * A form made from its JSON Schema (what zod writes): which control a field needs, what it begins with, and what is sent. Chinese titles are the
 * schema's own; words of enums that have no title are here.
 */
export interface FieldSchema {
  readonly type?: string;
  readonly title?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minItems?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly items?: FieldSchema;
  readonly prefixItems?: readonly FieldSchema[];
  readonly anyOf?: readonly FieldSchema[];
  readonly 'x-codes'?: string;
}

export type Control =
  | 'group'
  | 'maybe-group'
  | 'list'
  | 'codes'
  | 'files'
  | 'code'
  | 'enum'
  | 'instant'
  | 'day'
  | 'number'
  | 'long-text'
  | 'text'
  | 'none';

const SHA256 = '^[0-9a-f]{64}$';
const LONG_TEXT = 400;
const CHINA_OFFSET = '+08:00';

/** The schema without `or null`. */
export function inner(schema: FieldSchema): FieldSchema {
  const [one] = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  return one ? { ...one, title: schema.title ?? one.title ?? '' } : schema;
}

export const isNullable = (schema: FieldSchema): boolean => schema.anyOf?.some(({ type }) => type === 'null') ?? false;

export function controlOf(schema: FieldSchema): Control {
  const own = inner(schema);
  if (own.type === 'object') return isNullable(schema) ? 'maybe-group' : 'group';
  if (own.type === 'array') return listControl(own.items ?? {});
  if (own['x-codes'] !== undefined) return 'code';
  if (own.enum) return 'enum';
  if (own.format === 'date-time') return 'instant';
  if (own.format === 'date') return 'day';
  if (own.type === 'number' || own.type === 'integer') return 'number';
  return (own.maxLength ?? 0) >= LONG_TEXT ? 'long-text' : 'text';
}

/** Outlines are surveyed by devices and imported, not typed. */
function listControl(items: FieldSchema): Control {
  if (items.type === 'array' || items.prefixItems) return 'none';
  if (items['x-codes'] !== undefined) return 'codes';
  return items.properties?.sha256?.pattern === SHA256 ? 'files' : 'list';
}

/** What an untouched field holds. A required choice begins empty: nothing is chosen for anyone. */
export function emptyOf(schema: FieldSchema): unknown {
  if (isNullable(schema)) return null;
  if (schema.type === 'object') {
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, property]) => [name, emptyOf(property)]),
    );
  }
  if (schema.type === 'array') {
    return Array.from({ length: schema.minItems ?? 0 }, () => emptyOf(schema.items ?? {}));
  }
  return schema.type === 'number' || schema.type === 'integer' ? null : '';
}

/** What is sent: local times with China's offset, nothing empty where empty means not said. */
export function sentOf(schema: FieldSchema, value: unknown): unknown {
  const own = inner(schema);
  if (value === null || value === undefined || value === '') {
    return isNullable(schema) ? null : schema.default === undefined ? undefined : schema.default;
  }
  if (own.type === 'object' && typeof value === 'object') {
    const entries = Object.entries(own.properties ?? {}).map(([name, property]) => [
      name,
      sentOf(property, (value as Record<string, unknown>)[name]),
    ]);
    return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
  }
  if (own.type === 'array' && Array.isArray(value)) return value.map((one) => sentOf(own.items ?? {}, one));
  if (own.format === 'date-time' && typeof value === 'string' && !/(Z|[+-]\d\d:\d\d)$/.test(value)) {
    return `${value.length === 16 ? `${value}:00` : value}${CHINA_OFFSET}`;
  }
  return value;
}

/** As a datetime-local control shows an instant: China's time. */
export function localTime(instant: unknown): string {
  if (typeof instant !== 'string' || instant === '') return '';
  if (!/(Z|[+-]\d\d:\d\d)$/.test(instant)) return instant;
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 16);
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  equipment: '设备',
  quantities: '数量',
  files: '附件',
  how: '数量来源',
};

export function titleOf(name: string, schema: FieldSchema): string {
  return FIELD_NAMES[name] ?? inner(schema).title ?? schema.title ?? name;
}

const ENUM_WORDS: Readonly<Record<string, string>> = {
  yes: '是',
  no: '否',
  unknown: '不明',
  measured: '实测',
  estimated: '估算',
  stated: '当事人陈述',
  'GCJ-02': 'GCJ-02（国内手机地图）',
  WGS84: 'WGS84（卫星定位）',
  CGCS2000: 'CGCS2000（国家 2000）',
};
export const enumText = (value: string): string => ENUM_WORDS[value] ?? value;
