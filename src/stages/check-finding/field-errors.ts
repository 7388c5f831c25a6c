/** What is wrong with a form by its schema, in Chinese, one entry per field. */
import type { z } from 'zod';
import type { FieldError } from '../../model/finding-form.js';

type Issue = z.core.$ZodIssue;

export function fieldErrors(issues: readonly Issue[]): FieldError[] {
  return issues.flatMap(errorsOf);
}

function errorsOf(issue: Issue): FieldError[] {
  const path = issue.path.map(String).join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: path === '' ? key : `${path}.${key}`,
        code: 'form.unknown',
        message: '表单没有这个字段，请删去 (no such field)',
      }));
    case 'invalid_type':
      return [
        issue.input === undefined
          ? { path, code: 'form.required', message: '必填 (required)' }
          : {
              path,
              code: 'form.type',
              message: `类型不对，应为${TYPES[issue.expected] ?? issue.expected} (wrong type)`,
            },
      ];
    case 'too_small':
      return [{ path, code: 'form.too-small', message: OWN_WORDS[path] ?? tooSmall(issue) }];
    case 'too_big':
      return [{ path, code: 'form.too-big', message: OWN_WORDS[path] ?? tooBig(issue) }];
    case 'invalid_value':
      if (issue.input === undefined) return [{ path, code: 'form.required', message: '必填 (required)' }];
      return [
        { path, code: 'form.value', message: `应为其中之一：${issue.values.map(String).join('、')} (one of these)` },
      ];
    case 'invalid_format':
      return [{ path, code: 'form.format', message: FORMATS[issue.format] ?? '格式不对 (wrong format)' }];
    default:
      return [{ path, code: 'form.value', message: '填写不正确 (not as expected)' }];
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: '是或否',
  array: '列表',
  object: '一组字段',
  tuple: '经度、纬度两个数',
};

const LON_LAT = '经度应在 -180 至 180、纬度应在 -90 至 90 之间；是否填反了 (longitude and latitude: swapped?)';
/** What a number of items or a limit means in this field. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  officers: '至少两名执法人员，至多二十名 (two officers at least)',
  'position.lon': LON_LAT,
  'position.lat': LON_LAT,
};

const FORMATS: Readonly<Record<string, string>> = {
  datetime: '应为带时区的时间，如 2026-10-12T09:30:00+08:00 (a time with its offset)',
  date: '应为日期，如 2026-10-12 (a date)',
  regex: '应为 64 位小写十六进制的 SHA-256 (64 hexadecimal digits)',
};

function tooSmall({ origin, minimum }: Extract<Issue, { code: 'too_small' }>): string {
  if (origin === 'string') return '不能为空 (may not be empty)';
  if (origin === 'array') return `至少 ${minimum} 项 (at least ${minimum})`;
  return `不能小于 ${minimum} (not below ${minimum})`;
}

function tooBig({ origin, maximum }: Extract<Issue, { code: 'too_big' }>): string {
  if (origin === 'string') return `最多 ${maximum} 个字 (at most ${maximum} characters)`;
  if (origin === 'array') return `最多 ${maximum} 项 (at most ${maximum})`;
  return `不能大于 ${maximum} (not above ${maximum})`;
}
