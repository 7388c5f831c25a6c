/** What a finding's form begins with, and how a submitted one is shown. */
import type { Code } from '../../model/codes.js';
import { timeText } from '../office/file-words.js';
import { emptyOf, enumText, type FieldSchema, inner, titleOf } from '../office/schema-form.js';

export function freshForm(schema: FieldSchema, codesVersion: number, name: string): Record<string, unknown> {
  const form = emptyOf(schema) as Record<string, unknown>;
  const officers = (form.officers ?? []) as object[];
  const parts = (form.parts ?? []) as object[];
  return {
    ...form,
    codesVersion,
    officers: officers.map((one, i) => (i === 0 ? { ...one, name } : one)),
    parts: parts.map((one, i) => ({ ...one, part: `${i + 1}` })),
  };
}

/** Errors name fields of the form, some below the body that carried it. */
export const withoutPrefix = (path: string): string => path.replace(/^(body\.)?(details\.)?(finding\.|form\.)?/, '');

export interface ShownField {
  readonly title: string;
  readonly text: string;
  readonly below: readonly ShownField[];
}

/** What was filled in, with titles and code names; nothing of what was left empty. */
export function shownFields(schema: FieldSchema, value: unknown, codes: readonly Code[], name = ''): ShownField[] {
  const own = inner(schema);
  if (own.type === 'object' && typeof value === 'object' && value !== null) {
    return Object.entries(own.properties ?? {}).flatMap(([key, property]) =>
      one(property, (value as Record<string, unknown>)[key], codes, key),
    );
  }
  return one(schema, value, codes, name);
}

function one(schema: FieldSchema, value: unknown, codes: readonly Code[], name: string): ShownField[] {
  if (value === null || value === undefined || value === '') return [];
  const own = inner(schema);
  const title = titleOf(name, schema).replace(/（.*/, '');
  if (name === 'codesVersion' || name === 'files' || name === 'outline') return [];
  if (own.type === 'object') {
    const below = shownFields(own, value, codes);
    return below.length > 0 ? [{ title, text: '', below }] : [];
  }
  if (Array.isArray(value)) return list(own, value, codes, title);
  return [{ title, text: scalar(own, value, codes), below: [] }];
}

function list(own: FieldSchema, values: readonly unknown[], codes: readonly Code[], title: string): ShownField[] {
  if (values.length === 0) return [];
  const items = own.items ?? {};
  if (items.type !== 'object')
    return [{ title, text: values.map((each) => scalar(items, each, codes)).join('、'), below: [] }];
  return values.map((each, i) => ({ title: `${title} ${i + 1}`, text: '', below: shownFields(items, each, codes) }));
}

function scalar(own: FieldSchema, value: unknown, codes: readonly Code[]): string {
  const kind = own['x-codes'];
  if (kind !== undefined) return codes.find((code) => code.kind === kind && code.code === value)?.zh ?? `${value}`;
  if (own.enum) return enumText(`${value}`);
  return own.format === 'date-time' ? timeText(`${value}`) : `${value}`;
}
