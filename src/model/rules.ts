/**
 * rules: every rule that can stand behind a suspicion, as a table: what it looks at, when it is raised, and what settles it on site.
 * The ids are stable and never reused. Limits are the rule set's (judgement-recipe); the functions are in stages/classify.
 */
import type { ViolationCode } from './violation.js';

export const RULE_IDS = [
  'NL-1',
  'NL-2',
  'NL-3',
  'NL-4',
  'NL-5',
  'NL-6',
  'OP-1',
  'OP-2',
  'OP-3',
  'BB-1',
  'BB-2',
  'OH-1',
  'OH-2',
  'OH-3',
  'EX-1',
  'EX-2',
  'RE-1',
  'RE-2',
  'RE-3',
  'RE-4',
  'CL-1',
  'LA-1',
  'LA-2',
  'CS-1',
  'CS-2',
  'CS-3',
  'CS-4',
  'SU-1',
  'VA-1',
  'VA-2',
  'VA-3',
  'VA-4',
  'VA-5',
  'SE-1',
] as const;
export type RuleId = (typeof RULE_IDS)[number];

export interface Rule {
  /** Null: a remark beside the finding that carries the code. */
  readonly code: ViolationCode | null;
  /** What it is called, Chinese. */
  readonly title: string;
  /** Data that it needs. */
  readonly inputs: readonly ('licences' | 'exploration' | 'plans' | 'projects' | 'closed' | 'dates' | 'change')[];
  /** Chinese. */
  readonly raisedWhen: string;
  /** What settles it, Chinese. */
  readonly settledBy: string;
}

export const RULES: Readonly<Record<RuleId, Rule>> = {
  'NL-1': {
    code: 'no-licence',
    title: '无采矿权',
    inputs: ['licences'],
    raisedWhen: '图斑（扣除容差后）不在任何有效采矿许可证范围内',
    settledBy: '查询采矿权登记，现场核实开采事实和行为人',
  },
  'NL-2': {
    code: 'no-licence',
    title: '许可证过期',
    inputs: ['licences', 'dates'],
    raisedWhen: '图斑下的许可证在后时相之前到期',
    settledBy: '核实延续登记申请是否已受理及受理日期',
  },
  'NL-3': {
    code: 'no-licence',
    title: '许可证尚未生效',
    inputs: ['licences', 'dates'],
    raisedWhen: '图斑下的许可证在后时相之后才生效',
    settledBy: '查询采矿权登记日期，核实开采时间',
  },
  'NL-4': {
    code: 'no-licence',
    title: '许可证已注销或关闭后复采',
    inputs: ['licences', 'dates'],
    raisedWhen: '图斑下的许可证已注销、吊销、废止或矿山已关闭',
    settledBy: '核对注销、关闭文件，现场核实是否复采',
  },
  'NL-5': {
    code: 'no-licence',
    title: '有采矿权、未取得采矿许可证',
    inputs: ['licences'],
    raisedWhen: '图斑下的登记状态为有采矿权但未取得许可证（开采方案未批准）',
    settledBy: '核实许可证是否已核发',
  },
  'NL-6': {
    code: 'no-licence',
    title: '超出延续受理所覆盖的期限',
    inputs: ['licences', 'dates'],
    raisedWhen: '许可证已到期，延续申请虽已受理，但受理所覆盖的期限在后时相之前结束',
    settledBy: '核实延续登记的审批结果',
  },
  'OP-1': {
    code: 'off-plan',
    title: '擅自改变开采方式',
    inputs: ['licences', 'change'],
    raisedWhen: '许可证登记为地下开采，而地表有露天开挖',
    settledBy: '核对开发利用方案，现场核实是否为批准的地面工程',
  },
  'OP-2': {
    code: 'off-plan',
    title: '超出开采设计范围',
    inputs: ['licences', 'plans'],
    raisedWhen: '图斑在许可证内，但扣除容差后超出该证的设计或分期范围',
    settledBy: '核对开发利用方案和采掘工程平面图，测量',
  },
  'OP-3': {
    code: 'off-plan',
    title: '不在设计分期时间内',
    inputs: ['licences', 'plans', 'dates'],
    raisedWhen: '图斑所在的设计分期在两期影像之间未开始或已结束',
    settledBy: '核对分期开采计划',
  },
  'BB-1': {
    code: 'beyond-boundary',
    title: '越界',
    inputs: ['licences'],
    raisedWhen: '图斑部分在有效许可证内，扣除容差后界外面积不小于限值',
    settledBy: 'GNSS 实测；是否超层越界影像不能看出',
  },
  'BB-2': {
    code: null,
    title: '界外沿边界平行',
    inputs: ['licences'],
    raisedWhen: '界外部分可由许可证边界的整体平移解释',
    settledBy: '核对许可证拐点坐标（坐标系、带号、登记偏移）',
  },
  'OH-1': {
    code: 'other-holder',
    title: '跨他人矿区',
    inputs: ['licences'],
    raisedWhen: '图斑跨不同采矿权人的有效矿区，各不小于限值',
    settledBy: '由谁开采只能现场核实',
  },
  'OH-2': {
    code: null,
    title: '紧邻他人矿区',
    inputs: ['licences'],
    raisedWhen: '图斑在一个矿区内，且在容差以内触及另一采矿权人的矿区',
    settledBy: '采掘面是否贯通、由谁开采，影像不能判断，须现场核实',
  },
  'OH-3': {
    code: 'cannot-say',
    title: '矿区相互重叠',
    inputs: ['licences'],
    raisedWhen: '图斑同时位于不同采矿权人相互重叠的有效矿区',
    settledBy: '核对两证的范围、标高和矿种，由谁开采只能现场核实',
  },
  'EX-1': {
    code: 'exploration',
    title: '以采代探',
    inputs: ['licences', 'exploration'],
    raisedWhen: '图斑在有效探矿权内而无采矿权',
    settledBy: '核对勘查方案，核实矿产品产量和销售',
  },
  'EX-2': {
    code: 'exploration',
    title: '探矿权不在有效期',
    inputs: ['licences', 'exploration', 'dates'],
    raisedWhen: '图斑在已过期、注销或未生效的探矿权内，且无采矿权',
    settledBy: '核实探矿权延续、保留情况，区分勘查与开采',
  },
  'RE-1': {
    code: 'restoration',
    title: '不在工程期限内',
    inputs: ['projects', 'dates'],
    raisedWhen: '图斑在修复、复垦、整治等工程范围内，而工程期限在后时相之前结束或之后开始',
    settledBy: '核对工程批复和验收文件',
  },
  'RE-2': {
    code: 'restoration',
    title: '超出工程范围',
    inputs: ['projects'],
    raisedWhen: '图斑部分在工程范围内，扣除容差后超出部分不小于限值',
    settledBy: '核对工程批准范围，测量',
  },
  'RE-3': {
    code: 'cannot-say',
    title: '在修复工程范围和期限内',
    inputs: ['projects'],
    raisedWhen: '修复治理工程在期限内且覆盖图斑',
    settledBy: '核实是否超挖、外运、销售',
  },
  'RE-4': {
    code: 'restoration',
    title: '应恢复而继续下挖',
    inputs: ['projects', 'change'],
    raisedWhen: '在期限内的修复治理工程中，裸地继续扩挖或积水，或连续多个季度仍有开挖',
    settledBy: '核对工程设计标高和土石方外运记录',
  },
  'CL-1': {
    code: null,
    title: '已关闭矿山内',
    inputs: ['closed'],
    raisedWhen: '图斑在已关闭矿山范围内',
    settledBy: '现场核实是否关闭后复采',
  },
  'LA-1': {
    code: 'lawful',
    title: '在有效许可证内',
    inputs: ['licences'],
    raisedWhen: '图斑在有效许可证范围内，界外部分在限值以内',
    settledBy: '首次出现或面积较大的仍宜抽查',
  },
  'LA-2': {
    code: 'lawful',
    title: '在已批准项目内',
    inputs: ['projects'],
    raisedWhen: '已批准且在期限内的项目或用地覆盖图斑（2 亩以上不少于 95% 且未覆盖不足 0.5 亩，2 亩以下不少于 90%）',
    settledBy: '核对项目批准文件',
  },
  'CS-1': {
    code: 'cannot-say',
    title: '附近有坐标不能使用的许可证或项目',
    inputs: ['licences'],
    raisedWhen: '图斑（或其界外部分）附近有坐标系不能换算的许可证或项目',
    settledBy: '取得该许可证或项目的 2000 国家大地坐标',
  },
  'CS-2': {
    code: 'cannot-say',
    title: '界外部分在误差以内',
    inputs: ['licences'],
    raisedWhen: '界外部分不大于位置误差所能解释的',
    settledBy: 'GNSS 实测',
  },
  'CS-3': {
    code: 'cannot-say',
    title: '未加载采矿权',
    inputs: [],
    raisedWhen: '没有加载采矿许可证图层',
    settledBy: '导入采矿许可证图层后重新判断',
  },
  'CS-4': {
    code: 'cannot-say',
    title: '项目期限不能确认',
    inputs: ['projects', 'dates'],
    raisedWhen: '已批准的项目覆盖图斑，但其期限止未登记、处于停工状态，或在前后时相之间才生效',
    settledBy: '核对项目批准文件、期限和开工时间',
  },
  'SU-1': {
    code: 'cannot-say',
    title: '许可证暂停期间',
    inputs: ['licences', 'dates'],
    raisedWhen: '图斑下的许可证处于停产、暂扣等暂停状态',
    settledBy: '核对暂停决定及起止日期，现场核实开采时间',
  },
  'VA-1': {
    code: null,
    title: '影像日期未知',
    inputs: ['dates'],
    raisedWhen: '影像日期未知，未判断有效期，按有效处理',
    settledBy: '补充影像日期',
  },
  'VA-2': {
    code: null,
    title: '有效期未登记',
    inputs: ['licences'],
    raisedWhen: '许可证没有有效期止，不能判断是否在有效期内；没有别的疑点时为“无法判断”',
    settledBy: '补充登记',
  },
  'VA-3': {
    code: 'cannot-say',
    title: '两期之间才生效',
    inputs: ['licences', 'dates'],
    raisedWhen: '许可证（或其现行范围）在前后时相之间才生效，变化发生在生效前还是生效后影像不能区分',
    settledBy: '核实开采起始时间',
  },
  'VA-4': {
    code: null,
    title: '两期之间变更',
    inputs: ['licences', 'dates'],
    raisedWhen: '许可证在前后时相之间由新版本替代，按新版本判断',
    settledBy: '核对变更登记日期和前后范围',
  },
  'VA-5': {
    code: null,
    title: '过期但延续已受理',
    inputs: ['licences', 'dates'],
    raisedWhen: '许可证已到期，登记有延续申请已受理，按有效处理',
    settledBy: '核实受理通知书及其日期',
  },
  'SE-1': {
    code: null,
    title: '涉及涉密区域',
    inputs: [],
    raisedWhen: '图斑涉及军事或涉密区域，名称和范围不列出',
    settledBy: '由有权限的人员处理',
  },
};
