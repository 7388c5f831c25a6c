/** queue-audit: the record over the desk: who may look at it, page by page, and whether it is whole. Nothing of it is ever all in memory. */
import { auditHeadOf, auditPage, entriesAfter } from './adapters/postgres/audit.js';
import { AUDIT_START, type AuditEntry, type AuditHead, walkChain } from './model/audit.js';
import { Fault } from './model/fault.js';
import type { Actor, Member } from './model/person.js';
import type { AuditCheck, AuditRecord, NotedHead } from './ports/audit.js';
import type { Desk, Turn } from './ports/desk.js';

const PAGE = 2000;
const MOST_A_LIST = 500;
const READERS = ['supervisor', 'administrator'];

export function createAudit(desk: Desk): AuditRecord {
  const everywhere = <T>(actor: Actor, work: (turn: Turn) => Promise<T>) =>
    desk.as(actor, (turn) => {
      refuseUnlessReadsAll(turn.member);
      return work(turn);
    });
  async function* pages(actor: Actor, last: number): AsyncGenerator<readonly AuditEntry[]> {
    for (let after = 0; ; ) {
      // A turn of its own each: the record only grows, and no transaction stays open while a file is written.
      const page = await everywhere(actor, (turn) => entriesAfter(turn, after, Math.min(PAGE, last - after)));
      if (page.length > 0) yield page;
      after = page.at(-1)?.seq ?? last;
      if (after >= last) return;
    }
  }
  return {
    async list(actor, query) {
      if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > MOST_A_LIST) {
        throw new Fault('audit.page', `每页应为 1 至 ${MOST_A_LIST} 条 (a page has 1 to ${MOST_A_LIST} entries)`);
      }
      return desk.as(actor, (turn) => {
        if (!reads(turn.member)) throw mayNot();
        return auditPage(turn, query);
      });
    },
    verify: (actor, noted) => checkChain(flat(pages(actor, Number.MAX_SAFE_INTEGER)), noted),
    head: (actor) => everywhere(actor, auditHeadOf),
    pages,
  };
}

/** Entries from the chain's beginning on, null for what is none. */
export async function checkChain(
  entries: AsyncIterable<AuditEntry | null>,
  noted: NotedHead | null,
): Promise<AuditCheck> {
  const walk = walkChain();
  let met = noted === null || noted.hash === AUDIT_START;
  for await (const entry of entries) {
    const { seq } = walk.head();
    if (entry === null) return broken(walk.head(), { seq: seq + 1, why: 'unreadable', at: null, action: null });
    const found = walk.next(entry);
    if (found) {
      const { at, action } = found.why === 'missing' ? { at: null, action: null } : entry;
      return broken(walk.head(), { ...found, at, action });
    }
    if (noted === null) continue;
    if (entry.hash === noted.hash && (noted.seq === null || noted.seq === entry.seq)) met = true;
    else if (noted.seq === entry.seq) {
      return broken(walk.head(), { seq: entry.seq, why: 'rewritten', at: entry.at, action: entry.action });
    }
  }
  const head = walk.head();
  if (met) return { whole: head.seq, head, broken: null };
  return broken(head, { seq: head.seq + 1, why: noted?.seq === null ? 'no-head' : 'cut', at: null, action: null });
}

function broken(head: AuditHead, found: NonNullable<AuditCheck['broken']>): AuditCheck {
  return { whole: head.seq, head, broken: found };
}

async function* flat(pages: AsyncIterable<readonly AuditEntry[]>): AsyncGenerator<AuditEntry> {
  for await (const page of pages) yield* page;
}

/** The system's own turns are those of the owner at the console. */
const isSystem = ({ id }: Member) => id === 'system';
const reads = (member: Member) => isSystem(member) || member.grants.some(({ role }) => READERS.includes(role));

/** Faults audit.role, audit.area. */
export function refuseUnlessReadsAll(member: Member): void {
  if (!reads(member)) throw mayNot();
  const all = isSystem(member) || member.grants.some(({ role, areaId }) => READERS.includes(role) && areaId === null);
  if (!all) {
    throw new Fault(
      'audit.area',
      '需要全域的督查或管理员角色：部分区域的记录无法证明完整 (the right must be for everywhere: a part of a chain proves nothing)',
    );
  }
}

const mayNot = () =>
  new Fault('audit.role', '只有督查人员和管理员可以查看审计记录 (only supervisors and administrators read the record)');
