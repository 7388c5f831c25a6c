/** auditLines: entries of an export of the record, one JSON object a line, read in pieces. A line that is no entry comes as null. */
import { createReadStream } from 'node:fs';
import { type AuditEntry, entryOf } from '../../model/audit.js';
import { Fault } from '../../model/fault.js';

/** No entry is longer; a file that is no export is not read into memory in one piece. */
const LINE_CHARACTERS = 4 * 1024 * 1024;

/** Fault audit.file: it cannot be read. */
export async function* auditLines(path: string): AsyncGenerator<AuditEntry | null> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
      const lines = `${rest}${chunk as string}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield parsed(line);
      if (rest.length > LINE_CHARACTERS) {
        yield null;
        return;
      }
    }
  } catch (cause) {
    throw new Fault('audit.file', `无法读取 ${path} (the file cannot be read)`, { cause });
  }
  // The last line of a file that was cut in the middle of it.
  if (rest.trim() !== '') yield parsed(rest);
}

function parsed(line: string): AuditEntry | null {
  try {
    return entryOf(JSON.parse(line));
  } catch {
    return null;
  }
}
