/**
 * queue-evidence: files of tasks. A file is received aside, looked at by content, held against the patch, given its name, and only then does the
 * task have it, in one transaction: whatever breaks off before leaves no file that counts.
 */
import { contentType } from './adapters/evidence/content-type.js';
import type { Aside, EvidenceStore } from './adapters/evidence/store.js';
import {
  attachedElsewhere,
  evidenceById,
  evidenceOf,
  insertEvidence,
  lockedTotal,
} from './adapters/postgres/evidence.js';
import { sawPlaces } from './adapters/postgres/place-reads.js';
import { previewJpeg, readPhoto } from './adapters/sharp/photo.js';
import { EVIDENCE_TYPES, type EvidenceFamily, type EvidenceFile, type EvidenceType } from './model/evidence.js';
import { Fault } from './model/fault.js';
import { contentHash } from './model/id.js';
import type { EvidenceSettings } from './model/queue-settings.js';
import type { Task } from './model/task.js';
import type { Desk, Turn } from './ports/desk.js';
import type { Evidence, IncomingFile } from './ports/evidence.js';
import { visibleTask } from './queue-ground.js';
import { attachFlags } from './stages/attach/attach.js';
import { extensionOf, familyOf, labelOf, nameAgainstContent } from './stages/attach/family.js';
import { photoPlace } from './stages/attach/place.js';

const MEGABYTE = 1e6;
const WORKING_ROLES = ['officer', 'analyst', 'reviewer', 'supervisor'];
const MOST_PREVIEW_PX = 2048;

export function createEvidence(desk: Desk, store: EvidenceStore, settings: EvidenceSettings): Evidence {
  return {
    mostBytes: settings.taskMb * MEGABYTE,
    async attach(actor, taskId, incoming) {
      const task = await desk.as(actor, async (turn) => {
        refuseOthers(turn);
        return visibleTask(turn.sql, taskId);
      });
      const name = labelOf(incoming.name);
      if (name === '') throw new Fault('evidence.name', '文件没有名称 (the file has no name)');
      const { mime, content } = await store.begin(incoming.content);
      const aside = await store.receive(content, mostFor(mime, incoming.name, settings));
      let kept = false;
      try {
        const looked = await lookAt(aside, incoming, task, settings);
        // It gets its name within the transaction of its row: whose sign-in has ended meanwhile leaves nothing, and a sweep sees either both or none.
        return await desk.as(actor, async (turn) => {
          const entered = await enter(turn, task, { aside, name, incoming, looked }, settings);
          await store.keep(aside);
          kept = true;
          return entered;
        });
      } finally {
        if (!kept) await store.drop(aside);
      }
    },
    files: (actor, taskId) =>
      desk.as(actor, async (turn) => {
        await visibleTask(turn.sql, taskId);
        const files = await evidenceOf(turn.sql, taskId);
        if (files.length > 0) await sawPlaces(turn, 'evidence', [taskId]);
        return files;
      }),
    async preview(actor, fileId, maxPx) {
      const file = await desk.as(actor, async (turn) => {
        const own = await found(turn, fileId);
        await sawPlaces(turn, 'evidence', [own.taskId]);
        return own;
      });
      if (familyOf(file.contentType) !== 'image') {
        throw new Fault('evidence.no-preview', '只有图片可以预览，请下载原件 (only pictures have a preview)');
      }
      const longest = Math.min(Math.max(Math.round(maxPx), 16), MOST_PREVIEW_PX);
      return { contentType: 'image/jpeg', bytes: await previewJpeg(store.path(file.sha256), longest) };
    },
    async original(actor, fileId) {
      const file = await desk.as(actor, async (turn) => {
        const own = await found(turn, fileId);
        await sawPlaces(turn, 'evidence', [own.taskId]);
        turn.record({ action: 'evidence.read', subject: `task:${own.taskId}`, body: { fileId, sha256: own.sha256 } });
        return own;
      });
      await store.verify(file.sha256);
      return {
        contentType: file.contentType,
        fileName: `${file.sha256.slice(0, 12)}.${extensionOf(file.contentType)}`,
        bytes: file.bytes,
        sha256: file.sha256,
        open: () => store.read(file.sha256),
      };
    },
  };
}

function refuseOthers({ member }: Turn): void {
  if (member.grants.some(({ role }) => WORKING_ROLES.includes(role))) return;
  throw new Fault('evidence.role', '您的角色不能上传附件 (your role does not attach files)');
}

async function found({ sql }: Turn, fileId: string): Promise<EvidenceFile> {
  const file = await evidenceById(sql, fileId);
  if (!file) throw new Fault('evidence.none', '没有这个附件，或无权查看 (no such file, or not for you)');
  return file;
}

interface Looked {
  readonly type: EvidenceType;
  readonly nameDiffers: boolean;
  readonly photo: EvidenceFile['photo'];
  readonly place: EvidenceFile['place'];
}

/** Outside of any transaction: decoding takes its time. */
async function lookAt(aside: Aside, incoming: IncomingFile, task: Task, settings: EvidenceSettings): Promise<Looked> {
  if (incoming.sha256 !== undefined && incoming.sha256.toLowerCase() !== aside.sha256) {
    throw new Fault(
      'evidence.hash',
      `收到的文件与所报 SHA-256 不符，请重新上传 (what arrived is not what was announced)`,
      {
        details: { received: aside.sha256 },
      },
    );
  }
  const { type, seems } = await contentType(aside.path, aside.bytes);
  if (type === null) throw wrongType(seems);
  const fits = nameAgainstContent(incoming.name, type);
  if (fits === 'disguised') throw disguised(type);
  const most = limitOf(familyOf(type), settings);
  if (aside.bytes > most) throw tooLarge(most);
  const photo = familyOf(type) === 'image' ? await readPhoto(aside.path) : null;
  const place = photo && photoPlace(photo, incoming.datum ?? null, task.judged.patch.geometry, settings.headingDeg);
  return { type, nameDiffers: fits === 'differs', photo, place };
}

/** Refused as soon as it begins, or how much of it is taken. What cannot be told yet is a document or a track, if anything. */
function mostFor(mime: string | null, name: string, settings: EvidenceSettings): number {
  if (mime === null) return limitOf('document', settings);
  if (!Object.hasOwn(EVIDENCE_TYPES, mime)) throw wrongType(mime);
  const type = mime as EvidenceType;
  if (nameAgainstContent(name, type) === 'disguised') throw disguised(type);
  return limitOf(familyOf(type), settings);
}

function wrongType(seems: string): Fault {
  return new Fault(
    'evidence.type',
    `不接受这种文件（内容为 ${seems}）。可上传：JPEG、PNG、WebP、TIFF 图片，MP4、MOV 视频，PDF、DOCX、XLSX，GPX、GeoJSON；手机照片为 HEIC 时请改为“兼容性最佳”(JPEG) 拍摄或原样转存 (this kind of file is not taken in)`,
  );
}

function disguised(type: EvidenceType): Fault {
  return new Fault(
    'evidence.disguised',
    `文件名与内容不符：内容为 ${type} (the name promises something else than the content)`,
  );
}

interface Entry {
  readonly aside: Aside;
  readonly name: string;
  readonly incoming: IncomingFile;
  readonly looked: Looked;
}

async function enter(
  turn: Turn,
  { id: taskId, judged }: Task,
  { aside, name, incoming, looked }: Entry,
  settings: EvidenceSettings,
): Promise<{ file: EvidenceFile; added: boolean }> {
  const { type, photo, place, nameDiffers } = looked;
  const total = await lockedTotal(turn.sql, taskId);
  const known = await evidenceById(turn.sql, idOf(taskId, aside.sha256));
  if (known) return { file: known, added: false };
  if (total.files >= settings.taskFiles) {
    throw new Fault(
      'evidence.most',
      `任务已有 ${total.files} 个附件，上限为 ${settings.taskFiles} 个；请只传看得清图斑的，或请管理员在 tuban.yaml 中调高 queue.evidence.taskFiles (the task has as many files as it may have)`,
    );
  }
  if (total.bytes + aside.bytes > settings.taskMb * MEGABYTE) {
    throw new Fault(
      'evidence.total',
      `任务的附件总量将超过 ${settings.taskMb} MB (all files of the task together would be too large)`,
    );
  }
  const flags = attachFlags({
    photo,
    place,
    imageOn: judged.patch.dateAfter,
    receivedAt: turn.at,
    elsewhere: await attachedElsewhere(turn.sql, aside.sha256, taskId),
    nameDiffers,
    farM: settings.farM,
  });
  const file: EvidenceFile = {
    id: idOf(taskId, aside.sha256),
    taskId,
    sha256: aside.sha256,
    bytes: aside.bytes,
    contentType: type,
    name,
    personId: turn.member.id,
    receivedAt: turn.at,
    note: (incoming.note ?? '').trim().slice(0, 500),
    photo,
    place,
    flags,
  };
  await insertEvidence(turn, file);
  turn.record({
    action: 'evidence.add',
    subject: `task:${taskId}`,
    body: { fileId: file.id, sha256: file.sha256, bytes: file.bytes, type, flags },
  });
  return { file, added: true };
}

const idOf = (taskId: string, sha256: string) => `E${contentHash({ taskId, sha256 })}`;

function limitOf(family: EvidenceFamily, { imageMb, videoMb, documentMb }: EvidenceSettings): number {
  const megabytes = { image: imageMb, video: videoMb, document: documentMb, track: documentMb }[family];
  return megabytes * MEGABYTE;
}

function tooLarge(most: number): Fault {
  return new Fault('evidence.size', `文件超过 ${most / MEGABYTE} MB 的上限 (the file is larger than the limit)`);
}
