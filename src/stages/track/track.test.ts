import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../model/recipe.js';
import type { Quarter } from '../../model/scene.js';
import type { Contact, TrackInput } from './input.js';
import { track } from './track.js';

const { sites: RECIPE } = recipeSchema.parse({});

interface Made {
  readonly patches: Readonly<Record<string, number>>;
  /** Ground id → site, quarter, m². */
  readonly earlier?: Readonly<Record<string, readonly [site: string, quarter: Quarter, areaM2: number]>>;
  /** Patch, ground or patch, m² in common, metres apart. */
  readonly contacts?: readonly (readonly [patch: string, other: string, overlapM2: number, distanceM?: number])[];
  readonly hulls?: Readonly<Record<string, readonly [site: string, share: number]>>;
}

function input({ patches, earlier = {}, contacts = [], hulls = {} }: Made, turned = false): TrackInput {
  const order = <T>(list: T[]): T[] => (turned ? list.toReversed() : list);
  const ids = order(Object.keys(patches));
  const of = (id: string, isPatch: boolean): Contact[] =>
    order(
      contacts.flatMap(([a, b, overlapM2, distanceM = 0]) => {
        const other = a === id ? b : b === id ? a : null;
        return other !== null && other in patches === isPatch ? [{ id: other, overlapM2, distanceM }] : [];
      }),
    );
  return {
    quarter: '2026Q3',
    patches: ids.map((id) => ({ id, areaM2: patches[id] ?? 0, sigmaM: 5 })),
    earlier: order(
      Object.entries(earlier).map(([id, [siteId, quarter, areaM2]]) => ({ id, siteId, quarter, areaM2, sigmaM: 5 })),
    ),
    contacts: ids.map((id) => of(id, false)),
    neighbours: ids.map((id) => of(id, true)),
    hulls: ids.map((id) => new Map(hulls[id] ? [hulls[id]] : [])),
  };
}

function tracked(made: Made) {
  const { sites, merges } = track(input(made), RECIPE);
  const again = track(input(made, true), RECIPE);
  expect(Object.fromEntries(again.sites)).toEqual(Object.fromEntries(sites));
  expect(again.merges).toEqual(merges);
  return { sites: Object.fromEntries(sites), merges };
}

describe('track', () => {
  it('begins a site, joins the one it overlaps more, and of two alike the newer, then the older place', () => {
    const earlier = { a: ['A', '2025Q4', 1000], b: ['B', '2026Q2', 1000], c: ['C', '2026Q2', 1000] } as const;
    expect(tracked({ patches: { p: 1000 }, earlier }).sites).toEqual({ p: 'p' });
    const at = (...contacts: [string, string, number][]) =>
      tracked({ patches: { p: 1000 }, earlier, contacts }).sites.p;
    expect(at(['p', 'a', 600], ['p', 'b', 300])).toBe('A');
    expect(at(['p', 'a', 310], ['p', 'b', 300])).toBe('B');
    expect(at(['p', 'b', 300], ['p', 'c', 300])).toBe('B');
  });

  it('takes ground that overlaps however old, ground that lies near only from the window', () => {
    const at = (quarter: Quarter, overlapM2: number, distanceM: number) =>
      tracked({
        patches: { p: 1000 },
        earlier: { a: ['A', quarter, 1000] },
        contacts: [['p', 'a', overlapM2, distanceM]],
      }).sites.p;
    expect(at('2010Q1', 500, 0)).toBe('A');
    // 12 m + sqrt(2) · 5 m = 19.07 m
    expect(at('2024Q3', 0, 19)).toBe('A');
    expect(at('2024Q3', 0, 20)).toBe('p');
    expect(at('2024Q2', 0, 19)).toBe('p');
  });

  it('prefers overlap to nearness, and takes what lies between the faces of a place', () => {
    const earlier = { a: ['A', '2026Q2', 5000], b: ['B', '2026Q2', 1000] } as const;
    const contacts = [['p', 'a', 0, 1] as const, ['p', 'b', 250] as const];
    expect(tracked({ patches: { p: 1000 }, earlier, contacts }).sites.p).toBe('B');
    const apart = [['p', 'a', 0, 40] as const];
    expect(tracked({ patches: { p: 1000 }, earlier, contacts: apart, hulls: { p: ['A', 0.6] } }).sites.p).toBe('A');
    expect(tracked({ patches: { p: 1000 }, earlier, contacts: apart, hulls: { p: ['A', 0.4] } }).sites.p).toBe('p');
  });

  it('keeps both parts of a place that split, with their fragments', () => {
    const { sites, merges } = tracked({
      patches: { p: 400, q: 300, r: 50 },
      earlier: { a: ['A', '2026Q2', 1000] },
      contacts: [
        ['p', 'a', 200],
        ['q', 'a', 150],
        ['q', 'r', 0, 8],
      ],
    });
    expect(sites).toEqual({ p: 'A', q: 'A', r: 'A' });
    expect(merges).toEqual([]);
  });

  it('names a new place in pieces after its largest piece, and leaves apart what is farther', () => {
    const contacts = [['p', 'q', 0, 10] as const, ['q', 'r', 0, 10] as const, ['r', 's', 0, 25] as const];
    expect(tracked({ patches: { p: 400, q: 900, r: 50, s: 9000 }, contacts }).sites).toEqual({
      p: 'q',
      q: 'q',
      r: 'q',
      s: 's',
    });
  });

  it('merges places whose newest ground one patch covers: the oldest stays', () => {
    const earlier = { a: ['A', '2026Q1', 900], b0: ['B', '2024Q1', 100], b: ['B', '2026Q2', 800] } as const;
    const contacts = [['p', 'a', 800] as const, ['p', 'b', 700] as const];
    expect(tracked({ patches: { p: 4000 }, earlier, contacts })).toEqual({
      sites: { p: 'B' },
      merges: [{ siteId: 'A', intoId: 'B', quarter: '2026Q3', patchId: 'p' }],
    });
  });

  it('does not merge a place that is touched only, or that has a patch of its own', () => {
    const earlier = { a: ['A', '2026Q1', 900], b: ['B', '2026Q2', 800] } as const;
    const touched = tracked({
      patches: { p: 2000 },
      earlier,
      contacts: [
        ['p', 'a', 800],
        ['p', 'b', 300],
      ],
    });
    expect(touched).toEqual({ sites: { p: 'A' }, merges: [] });
    const own = tracked({
      patches: { p: 2000, q: 500 },
      earlier,
      contacts: [
        ['p', 'a', 800],
        ['p', 'b', 500],
        ['q', 'b', 300],
      ],
    });
    expect(own).toEqual({ sites: { p: 'A', q: 'B' }, merges: [] });
  });
});
