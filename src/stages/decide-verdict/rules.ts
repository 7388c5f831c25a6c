/**
 * The rules that a verdict is held against, as data. None of them judges: each says that evidence is missing, that something is inconsistent with
 * what was filled in, or that a field it would need is empty (存疑). Only missing evidence can stand in a verdict's way.
 * Sources: the ministry's filling-in guide for mineral patches as quoted in public (handling with reason and attachment; 伪变化 and 合法 as the
 * verdicts that were misused), and judgements of ours where marked.
 */
import type { VerdictEffect } from '../../model/codes.js';
import type { RemarkKind } from '../../model/verdict.js';
import { hasEffect, type PartContext } from './context.js';
import { dayInChina, directionsShown, imageAfter, strongPhotos } from './photos.js';

/** Field and value that it speaks of; null = nothing to say. */
type Found = { readonly field: string; readonly value: string | number | boolean | null } | null;

export interface VerdictRule {
  readonly id: string;
  readonly kind: RemarkKind;
  readonly blocks: boolean;
  /** Of which verdicts it speaks. */
  readonly of: readonly VerdictEffect[];
  readonly text: string;
  test(context: PartContext): Found;
}

const ALL: readonly VerdictEffect[] = ['illegal', 'legal', 'pseudo', 'other'];
const found = (when: boolean, field: string, value: string | number | boolean | null): Found =>
  when ? { field, value } : null;
const empty = (text: string | null) => (text ?? '').trim() === '';
const sum = ({ part: { quantities } }: PartContext) =>
  (quantities.volumeM3 ?? 0) + (quantities.massT ?? 0) + (quantities.valueYuan ?? 0) + (quantities.soldM3 ?? 0);
const machines = ({ part }: PartContext) => part.equipment.reduce((all, { count }) => all + count, 0);
const explains = ({ handling }: PartContext) => handling?.effect === 'explained';
const role = ({ named }: PartContext, ...effects: string[]) =>
  named.some((one) => effects.includes(one.role?.effect ?? ''));
const bornOut = (context: PartContext) => context.given.attachments.length > 0 || role(context, 'handling');

export const VERDICT_RULES: readonly VerdictRule[] = [
  {
    id: 'V01',
    kind: 'missing',
    blocks: true,
    of: ['illegal'],
    text: '违法须填处理方式（立案、非立案处理、不处理）',
    test: ({ given }) => found(given.handling === null, 'handling', null),
  },
  {
    id: 'V02',
    kind: 'inconsistent',
    blocks: false,
    of: ['legal', 'pseudo', 'other'],
    text: '不是违法却填了处理方式',
    test: ({ given }) => found(given.handling !== null, 'handling', given.handling),
  },
  {
    id: 'V03',
    kind: 'missing',
    blocks: true,
    of: ['illegal'],
    text: '非立案处理、不处理须写明理由',
    test: (context) => found(explains(context) && empty(context.given.reason), 'reason', context.given.reason),
  },
  {
    id: 'V04',
    kind: 'missing',
    blocks: true,
    of: ['illegal'],
    text: '非立案处理、不处理须附证明材料',
    test: (context) => found(explains(context) && !bornOut(context), 'files', 0),
  },
  {
    id: 'V05',
    kind: 'inconsistent',
    blocks: false,
    of: ['illegal'],
    text: '正在开采，处理方式却不是立案',
    test: (context) => found(explains(context) && context.part.active === 'yes', 'active', context.part.active),
  },
  {
    id: 'V10',
    kind: 'doubt',
    blocks: false,
    of: ['illegal'],
    text: '未填违法类型，存疑',
    test: ({ part }) => found(part.violation === null, 'violation', null),
  },
  {
    id: 'V11',
    kind: 'doubt',
    blocks: false,
    of: ['illegal'],
    text: '未填矿种，存疑',
    test: ({ part }) => found(part.mineral === null, 'mineral', null),
  },
  {
    id: 'V12',
    kind: 'doubt',
    blocks: false,
    of: ['illegal'],
    text: '未填方量、重量或价值，存疑',
    test: ({ part: { quantities } }) =>
      found(
        quantities.volumeM3 === null && quantities.massT === null && quantities.valueYuan === null,
        'quantities',
        null,
      ),
  },
  {
    id: 'V13',
    kind: 'doubt',
    blocks: false,
    of: ALL,
    text: '是否正在开采填为不明，存疑',
    test: ({ part }) => found(part.active === 'unknown', 'active', part.active),
  },
  {
    id: 'V20',
    kind: 'missing',
    blocks: true,
    of: ['legal', 'pseudo'],
    text: '合法、伪变化须有从多个方向拍摄、带定位、在图斑附近的现场照片',
    test: (context) => {
      const shown = directionsShown(context);
      return found(shown < context.settings.directions, 'files.directions', shown);
    },
  },
  {
    id: 'V21',
    kind: 'missing',
    blocks: true,
    of: ['pseudo'],
    text: '伪变化须附后时相之后的影像（无人机或卫星）',
    test: (context) => found(imageAfter(context) === 'no', 'files.image', null),
  },
  {
    id: 'V22',
    kind: 'doubt',
    blocks: false,
    of: ['pseudo'],
    text: '所附影像没有时间，不能确认晚于后时相，存疑',
    test: (context) => found(imageAfter(context) === 'unknown', 'files.image', null),
  },
  {
    id: 'V23',
    kind: 'missing',
    blocks: true,
    of: ['legal'],
    text: '合法须附许可证或项目批准文件',
    test: (context) => found(!role(context, 'licence', 'project'), 'files.licence', null),
  },
  {
    id: 'V24',
    kind: 'missing',
    blocks: true,
    of: ['other'],
    text: '其他认定须写明理由并附证明材料',
    test: (context) => found(empty(context.given.reason) || context.named.length === 0, 'reason', context.given.reason),
  },
  {
    id: 'V25',
    kind: 'doubt',
    blocks: false,
    of: ['illegal', 'other'],
    text: '没有带定位、在图斑附近的现场照片，存疑',
    test: (context) => found(strongPhotos(context).length === 0, 'files.photos', 0),
  },
  {
    id: 'V26',
    kind: 'doubt',
    blocks: false,
    of: ALL,
    text: '所用文件有提示，须人工核对',
    test: ({ named }) => {
      const flags = [...new Set(named.flatMap(({ file }) => file.flags))];
      return found(flags.length > 0, 'files.flags', flags.join(' '));
    },
  },
  {
    id: 'V30',
    kind: 'inconsistent',
    blocks: false,
    of: ['pseudo'],
    text: '伪变化，却填了正在开采',
    test: ({ part }) => found(part.active === 'yes', 'active', part.active),
  },
  {
    id: 'V31',
    kind: 'inconsistent',
    blocks: false,
    of: ['pseudo'],
    text: '伪变化，却填了现场设备',
    test: (context) => found(machines(context) > 0, 'equipment', machines(context)),
  },
  {
    id: 'V32',
    kind: 'inconsistent',
    blocks: false,
    of: ['pseudo'],
    text: '伪变化，却填了方量、重量或价值',
    test: (context) => found(sum(context) > 0, 'quantities', sum(context)),
  },
  {
    id: 'V33',
    kind: 'inconsistent',
    blocks: false,
    of: ['legal', 'pseudo'],
    text: '不是违法，却填了违法类型',
    test: ({ part }) => found(part.violation !== null, 'violation', part.violation),
  },
  {
    id: 'V34',
    kind: 'inconsistent',
    blocks: false,
    of: ['legal', 'pseudo'],
    text: '只有一个地块且不是违法，现场却采取了关停措施',
    test: ({ form, codes }) =>
      found(
        form.parts.length === 1 && hasEffect(codes, 'measure', form.measures, 'closed'),
        'measures',
        form.measures.join(' '),
      ),
  },
  {
    id: 'V35',
    kind: 'doubt',
    blocks: false,
    of: ['legal'],
    text: '登记库中该处没有采矿权，请与所附文件核对，存疑',
    test: ({ patch }) => found(patch.licenceNo === null, 'licenceNo', null),
  },
  {
    id: 'V40',
    kind: 'doubt',
    blocks: false,
    of: ALL,
    text: '没有核查位置，存疑',
    test: ({ form }) => found(form.position === null, 'position', form.noPositionReason),
  },
  {
    id: 'V41',
    kind: 'inconsistent',
    blocks: false,
    of: ALL,
    text: '核查位置离图斑过远',
    test: (context) => {
      const metres = context.positionM;
      return found(metres !== null && metres > context.settings.farM, 'position', metres);
    },
  },
  {
    id: 'V42',
    kind: 'inconsistent',
    blocks: false,
    of: ALL,
    text: '到达早于后时相影像',
    test: ({ form, patch }) => {
      const early = patch.imageOn !== null && dayInChina(form.arrivedAt) < patch.imageOn;
      return found(early, 'arrivedAt', form.arrivedAt);
    },
  },
];
