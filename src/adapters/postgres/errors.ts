/**
 * What goes wrong with a database, told to the person at the keyboard. Errors of SQL itself stay what they are, defects; but they keep nothing of
 * the values that were sent: these may be a place or a name, and errors are logged.
 */
import { Fault } from '../../model/fault.js';

/** Errors as both drivers give them: SQLSTATE or the system's code. */
interface Coded {
  readonly code?: unknown;
  readonly message?: unknown;
}

const LOST =
  /^(08...|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT)$/;
const LOST_WITHOUT_CODE =
  /connection terminated|connection ended|connection error and is not queryable|timeout exceeded when trying to connect|client was closed/i;

function told(code: string, message: string, retryable: boolean, cause: unknown): Fault {
  return new Fault(code, message, { retryable, blame: 'system', cause });
}

export function databaseError(error: unknown): unknown {
  if (error instanceof Fault || typeof error !== 'object' || error === null) return error;
  const { code: rawCode, message: rawMessage } = error as Coded;
  const code = typeof rawCode === 'string' ? rawCode : '';
  const message = typeof rawMessage === 'string' && rawMessage !== '' ? rawMessage : code;
  if (LOST.test(code) || (code === '' && LOST_WITHOUT_CODE.test(message))) {
    return told(
      'database.lost',
      `数据库连接中断，请稍后重试 (the database cannot be reached): ${message}`,
      true,
      error,
    );
  }
  if (code === '53300') {
    return told(
      'database.busy',
      `数据库连接数已满，请稍后重试 (the database has no free connection): ${message}`,
      true,
      error,
    );
  }
  if (code === '40P01' || code === '40001') {
    return told(
      'database.busy',
      '与他人同时进行的操作相撞，没有作任何改动，请重试 (collided with somebody else’s work; nothing was changed: try again)',
      true,
      error,
    );
  }
  if (code === '53100' || /no space left on device/i.test(message)) {
    return told(
      'database.disk-full',
      `磁盘已满，请腾出空间后重试 (the disk is full; make room and try again): ${message}`,
      true,
      error,
    );
  }
  if (/^28/.test(code)) {
    return told(
      'database.refused',
      `数据库拒绝登录，请检查 DATABASE_URL (the database refuses this login): ${message}`,
      false,
      error,
    );
  }
  if (code === '3D000') {
    return told(
      'database.missing',
      `数据库不存在，请检查 DATABASE_URL (there is no such database): ${message}`,
      false,
      error,
    );
  }
  return SQLSTATE.test(code) ? withoutValues(error, code) : error;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** What PostgreSQL adds of rows, parameters and queries. */
const TELLING = ['detail', 'where', 'hint', 'internalQuery', 'query', 'params'];

/** Data exceptions (class 22) quote the value in their message, too; all others name tables and constraints only. */
function withoutValues(error: object, code: string): object {
  const told = error as Record<string, unknown>;
  for (const name of TELLING) delete told[name];
  if (!code.startsWith('22') || !(error instanceof Error)) return error;
  const message = `data exception ${code}`;
  error.stack = (error.stack ?? '').replace(error.message, message);
  error.message = message;
  return error;
}
