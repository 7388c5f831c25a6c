/** The tuban.yaml that `tuban init` writes: every setting with its default, explained. */
import type { Recipe } from '../../model/recipe.js';

export function settingsTemplate(title: string, { raster, history, judgement }: Recipe): string {
  const { weights, severity } = judgement;
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
    # 位置容差，中误差的倍数 · tolerance in units of the positional sigma
    toleranceSigmas: ${judgement.toleranceSigmas}
    # 越界多少平方米起算疑似 · area outside from which it is worth a suspicion, m²
    minOutsideM2: ${judgement.minOutsideM2}
    # 图斑周围多少米内的登记多边形参与判断 · how far from a patch register polygons are looked at, metres
    reachM: ${judgement.reachM}
    # 项目覆盖图斑多大比例算覆盖（2 亩以下为 0.9）· share that a project must cover (0.9 for at most 2 mu)
    coveredShare: ${judgement.coveredShare}
    # 面积分满分所对应的面积，平方米 · area that earns the full points of area and outside, m²
    areaFullM2: ${judgement.areaFullM2}
    # 各疑似类型的严重程度，0–1 · how grave each suspicion is, 0–1 (docs/rules.md)
    severity:
${Object.entries(severity)
  .map(([code, share]) => `      ${code}: ${share}`)
  .join('\n')}
    # 优先级各部分的满分，合计 100 · greatest points of the parts of the priority, together 100
    weights:
      # 疑似违法类型 · suspected violation
      violation: ${weights.violation}
      # 面积 · area
      area: ${weights.area}
      # 越界面积与距离 · outside the boundary
      outside: ${weights.outside}
      # 可信度 · confidence
      confidence: ${weights.confidence}
      # 重点区域 · key zones
      keyzone: ${weights.keyzone}
`;
}
