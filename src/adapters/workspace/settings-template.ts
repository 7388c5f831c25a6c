/** The tuban.yaml that `tuban init` writes: every setting with its default, explained. */
import { type QueueSettings, queueSettingsSchema } from '../../model/queue-settings.js';
import type { Recipe } from '../../model/recipe.js';

export function settingsTemplate(title: string, { raster, history, judgement, sites }: Recipe): string {
  return `# 图斑工作区设置 · settings of this tuban workspace
# 地址与密码不写在这里：数据库和队列由环境变量 DATABASE_URL、REDIS_URL 指定。
# Addresses and passwords do not belong here: the environment variables DATABASE_URL and REDIS_URL name database and queue.

# 单位或县区名称，显示在清单和报告上 · name of the bureau or county, stands on lists and reports
title: ${JSON.stringify(title)}

# 配方：凡会改变结果的设置都在这里；改动后下次 tuban run 会得到新的结果
# recipe: everything that changes a result; after a change the next tuban run gives a new one
recipe:
  raster:
    # 找什么：mining 疑似露天采矿，any 任何地表变化 · what to look for: mining | any
    kind: ${raster.kind}
    # 最小图斑面积，平方米 · smallest patch, m²
    minAreaM2: ${raster.minAreaM2}
    # 分块边长，像素；只影响内存与并行，不改变结果 · side of a block, pixels: memory and parallelism only, never a result
    blockPx: ${raster.blockPx}
    # 配准残差超过此值的影像对不使用，像素 · a pair whose residual after co-registration exceeds this is refused, pixels
    maxResidualPx: ${raster.maxResidualPx}
    # 前时相：previous-quarter 上一季度，same-season 去年同季，both 两者 · the earlier image
    before: ${raster.before}
  history:
    # 回看多少个季度的影像、往年同季多少年，用于区分季节变化与新增；两者都为 0 即只比较前后两期
    # how many quarters, and the same quarter of how many years, are looked back on to tell season from what is new; both 0 = two dates only
    quarters: ${history.quarters}
    years: ${history.years}
    # 往年同季有多少年同样变化即剔除，0 为从不剔除 · earlier years with the same look in this season from which a patch is left out, 0 = never
    dropFromYears: ${history.dropFromYears}
  judgement:
${judgementText(judgement)}${sitesTemplate(sites)}
# 核查队列：审核层级、工作日期限、领取时长、路线；不影响运行结果
# the queue of verification tasks: reviews, working days, leases, rounds; never a result of a run
queue:
${queueText(queueSettingsSchema.parse({}))}`;
}

function sitesTemplate(sites: Recipe['sites']): string {
  return `  sites:
    # 相近多少米（位置误差之外）、多少个季度以内的地面仍算同一地点 · how near (beyond the positions' uncertainty) and how long ago ground is still the same place
    nearM: ${sites.nearM}
    windowQuarters: ${sites.windowQuarters}
    # 两个轮廓重叠占较小者多大比例即为同一地点 · share of the smaller outline from which an overlap makes one place
    overlapShare: ${sites.overlapShare}
    # 图斑覆盖另一地点最近地面多大比例即并入 · share of a place's newest ground that a patch must cover for the two to become one
    mergeShare: ${sites.mergeShare}
    # 误报地点新增多少平方米重新列入；误报记忆多少个季度 · new ground that raises a dismissed place again, m²; quarters a dismissal is remembered
    quietGrowthM2: ${sites.quietGrowthM2}
    quietQuarters: ${sites.quietQuarters}
    # 连续多少个可判断的季度已恢复即建议销号（由人签字） · quarters of recovered ground after which a write-off is proposed (a person signs)
    recoveredQuarters: ${sites.recoveredQuarters}
    # 每季度可核查的任务数，null 为不限；不受其限制的疑似类型 · tasks that can be visited in a quarter, null = no cut; types that are never cut
    budget: ${sites.budget}
    mustVisit: ${JSON.stringify(sites.mustVisit)}
    # 随机抽查：后备任务抽几个，未见变化的地面抽几处，0 为不抽 · random sample: tasks in reserve, places on unchanged ground; 0 = none
    sampleReserve: ${sites.sampleReserve}
    sampleGround: ${sites.sampleGround}
`;
}

/** Every setting of the rule set with the remark above it. */
function judgementText({ version: _version, ...judgement }: Recipe['judgement']): string {
  return Object.entries(judgement)
    .map(([name, value]) => `    # ${REMARKS[name as keyof typeof judgement]}\n${settingText(name, value, '    ')}`)
    .join('');
}

function queueText(queue: QueueSettings): string {
  return Object.entries(queue)
    .map(([name, value]) => `  # ${QUEUE_REMARKS[name as keyof QueueSettings]}\n${settingText(name, value, '  ')}`)
    .join('');
}

function settingText(name: string, value: unknown, indent: string): string {
  if (Array.isArray(value)) return `${indent}${name}: [${value.join(', ')}]\n`;
  if (typeof value !== 'object' || value === null) return `${indent}${name}: ${String(value)}\n`;
  const inner = Object.entries(value).map(([key, one]) => settingText(key, one, `${indent}  `));
  return `${indent}${name}:\n${inner.join('')}`;
}

const REMARKS: Readonly<Record<Exclude<keyof Recipe['judgement'], 'version'>, string>> = {
  disabledRules: '停用的规则编号（tuban rules list）· rules that are switched off',
  position:
    '位置中误差，米：影像按像元大小分级，多边形按图层 · one sigma of position, metres: images by pixel size, polygons by layer',
  toleranceSigmas: '位置容差，中误差的倍数 · tolerance in units of the positional sigma',
  minOutsideM2: '越界多少平方米起算疑似 · area outside from which it is worth a suspicion, m²',
  minPieceM2: '图斑分块的最小面积，平方米 · smallest part of a patch that is told apart, m²',
  maxShiftM:
    '界外部分可用边界平移多少米以内解释时提示坐标可能有误 · longest shift of a boundary that is taken for a fault of its coordinates, metres',
  reachM: '图斑周围多少米内的登记多边形参与判断 · how far from a patch register polygons are looked at, metres',
  coveredShare: '项目覆盖图斑多大比例算覆盖（2 亩以下为 0.9）· share that a project must cover (0.9 for at most 2 mu)',
  minSeenShare:
    '登记多边形可见比例低于此值且未见变化时记为未看到 · a polygon seen less than this, without change, is not seen',
  minChangedM2: '登记多边形内变化多少平方米起算有变化 · changed area from which a polygon counts as changed, m²',
  healQuarters:
    '修复工程连续多少个季度仍有开挖即列为疑似 · quarters with digging from which a restoration project is suspected',
  areaFullM2: '面积、扩大、界外面积得满分所对应的面积，平方米 · area that earns the full points, m²',
  distanceFullM: '超出距离得满分所对应的距离，米 · distance outside that earns the full points, metres',
  visitFullDays: '距上次核查多少天得满分 · days since the last visit that earn the full points',
  persistenceFullQuarters: '持续多少个季度得满分 · quarters of change that earn the full points',
  severity: '各疑似类型的严重程度，0–1 · how grave each suspicion is, 0–1 (docs/rules.md)',
  certainty:
    '疑似本身存疑时类型分保留的比例 · share of the points of the type that is left where the suspicion is in doubt',
  zones: '各类重点区域的分量，0–1 · how much each kind of key zone weighs, 0–1',
  weights:
    '优先级各部分的满分，按比例折合为 100 · greatest points of the parts of the priority, scaled to 100 together',
};

const QUEUE_REMARKS: Readonly<Record<keyof QueueSettings, string>> = {
  levels: '普通图斑依次经过的审核层级：station 所、county 县、city 市 · reviews of an ordinary patch, in order',
  keyLevels: '重点图斑依次经过的审核层级 · reviews of a key patch',
  deadlines:
    '普通图斑的工作日：field 初核（含现场）及各级审核 · working days of an ordinary patch: first check and each review',
  keyDeadlines: '重点图斑的工作日 · working days of a key patch',
  returnedDays: '退回补正的工作日 · working days for a returned patch',
  keyZones: '触及哪些重点区域即为重点图斑 · kinds of key zones that make a patch a key patch',
  keyAreaMu: '多少亩起为重点图斑，null 为不按面积 · area in mu from which a patch is a key patch',
  keyMinerals:
    '周边矿业权、已关闭矿山或下发图斑登记哪些矿种即为重点图斑，[] 为不按矿种 · minerals of titles, closed mines and issued patches that make a key patch',
  keyMineralM: '距这样的矿业权多少米以内，0 为触及 · within how many metres of such a title, 0 = touching it',
  lease:
    '领取：小时数、路线小时数、可续次数、到期前几小时提醒、每人最多持有 · leases: hours, of a round, extensions, warning, most held at a time',
  round: '一天路线：绕行系数、车速、每处停留分钟 · a day’s round: road over straight line, speed, minutes at a stop',
  evidence:
    '附件：图片、视频、文档、每任务总量上限（MB）；距图斑多少米以外提示；朝向容差；伪变化和合法须有几个方向的照片 · files: greatest sizes in MB, far from how many metres, tolerance of heading, directions that photos must cover',
  notices:
    '通知：每日汇总时刻、不打扰时段、期限前几个工作日提醒 · notices: time of the digest, quiet hours, days of warning',
};
