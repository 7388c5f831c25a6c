import { describe, expect, it } from 'vitest';
import { isSecret, ZONE_KINDS, zoneKindOf } from './zone-kinds.js';

const kindOf = (zoneKind: string | null, kind: 'keyzones' | 'closed' | 'licences' = 'keyzones') =>
  zoneKindOf({ kind, zoneKind })?.code ?? null;

describe('zone kinds', () => {
  it.each([
    ['outcrop', 'outcrop'],
    ['刘备山露头煤', 'outcrop'],
    ['县界', 'border'],
    ['国有矿山周边', 'mine-surroundings'],
    ['coal-yard', 'coal-yard'],
    ['洗煤厂', 'washing-plant'],
    ['生态保护红线', 'red-line'],
    ['自然保护区', 'protected-area'],
    ['永久基本农田', 'farmland'],
    ['河流', 'river'],
    ['RIVER', 'river'],
    ['省道', 'road'],
    ['输气管道', 'pipeline'],
    ['已取缔洞采坑点', 'closed-cave'],
    ['养殖场', 'yard'],
    ['军事禁区', 'secret'],
    ['其他', null],
    ['', null],
  ])('%s is %s', (text, code) => expect(kindOf(text)).toBe(code));

  it('every code names itself, whatever its text', () => {
    for (const { code } of ZONE_KINDS) expect(kindOf(code)).toBe(code);
  });

  it('closed mines may be points, licences never; secret areas are secret in any layer', () => {
    expect(zoneKindOf({ kind: 'closed', zoneKind: null })).toMatchObject({ pointM: 100, lineM: null });
    expect(kindOf(null, 'licences')).toBeNull();
    expect(isSecret({ kind: 'closed', zoneKind: '军事设施' })).toBe(true);
    expect(isSecret({ kind: 'keyzones', zoneKind: '公路' })).toBe(false);
  });
});
