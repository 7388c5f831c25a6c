/**
 * Brings a database to this program's tables: the plain SQL files of migrations/, in the order of their names, forward only, all
 * that are missing in one transaction under an advisory lock, each recorded with its checksum. A recorded file that has changed
 * since, or that this program does not know (the database is newer), is refused: guessing would damage a bureau's record.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../model/fault.js';
import type { Database, Sql } from '../../ports/database.js';

export interface Migration {
  readonly name: string;
  readonly sha256: string;
  readonly text: string;
}

/** Any number, but always this one: the advisory lock of tuban's migrations. */
const LOCK = 0x74756262;

export function readMigrations(dir: string): Migration[] {
  const names = readdirSync(dir).filter((name) => name.endsWith('.sql'));
  return names.sort().map((name) => {
    const text = readFileSync(join(dir, name), 'utf8').replaceAll('\r\n', '\n');
    return { name, sha256: createHash('sha256').update(text).digest('hex'), text };
  });
}

/** Names of the migrations that were applied now. */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<string[]> {
  const before = await database.query<{ found: boolean }>(`SELECT to_regclass('tuban.migration') IS NOT NULL AS found`);
  if (before[0]?.found && missing(await recorded(database), migrations).length === 0) return [];
  return database.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1::bigint)', [LOCK]);
    await sql.query('CREATE SCHEMA IF NOT EXISTS tuban');
    await sql.query(
      `CREATE TABLE IF NOT EXISTS tuban.migration (
         name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const todo = missing(await recorded(sql), migrations);
    for (const { name, sha256, text } of todo) {
      for (const statement of statements(text)) await sql.query(statement);
      await sql.query('INSERT INTO tuban.migration (name, sha256) VALUES ($1, $2)', [name, sha256]);
    }
    return todo.map(({ name }) => name);
  });
}

function recorded(sql: Sql): Promise<{ name: string; sha256: string }[]> {
  return sql.query('SELECT name, sha256 FROM tuban.migration ORDER BY name');
}

function missing(rows: readonly { name: string; sha256: string }[], migrations: readonly Migration[]): Migration[] {
  for (const { name, sha256 } of rows) {
    const known = migrations.find((migration) => migration.name === name);
    if (!known) {
      throw new Fault(
        'database.newer',
        `数据库由更新版本的 tuban 建立（含 ${name}），请升级本程序 (the database was made by a newer tuban: it has ${name}; upgrade this program)`,
      );
    }
    if (known.sha256 !== sha256) {
      throw new Fault(
        'database.changed-migration',
        `数据库结构文件 ${name} 与建库时不同，拒绝继续；请恢复原文件 (${name} is not the file that made this database: expected SHA-256 ${sha256.slice(0, 12)}…, found ${known.sha256.slice(0, 12)}…; restore it)`,
        { blame: 'system' },
      );
    }
  }
  const done = new Set(rows.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

/** Cuts a file at the semicolons that end its lines outside of quotes, dollar quotes and comments. */
export function statements(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"[^"]*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g;
  for (const match of text.matchAll(token)) {
    if (match[0] !== ';') continue;
    pieces.push(text.slice(start, match.index));
    start = match.index + 1;
  }
  pieces.push(text.slice(start));
  return pieces
    .map((piece) => piece.trim())
    .filter((piece) => piece.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() !== '');
}
