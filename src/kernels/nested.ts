/**
 * nested: a detector may draw the same change at several strictnesses, each mask inside the one before. Of every nest the components
 * that the object stage believes most are kept, never two over each other (the choice of maximally stable regions' component tree,
 * Matas et al. 2002, with a judge in place of stability): a pit that lies in a harvested field is told apart from the field.
 * In:  components per level (level 0 = widest), their ranks. Out: the chosen ones in the order of level 0, then of their first pixel.
 */

interface Ranked {
  readonly component: { readonly runs: Int32Array };
  readonly rank: number;
}

interface Node<T> {
  readonly item: T;
  readonly inner: Node<T>[];
}

export function chooseNested<T extends Ranked>(levels: readonly (readonly T[])[]): T[] {
  const nests = levels.map((items) => items.map((item): Node<T> => ({ item, inner: [] })));
  const roots: Node<T>[] = [...(nests[0] ?? [])];
  for (let level = 1; level < nests.length; level++) {
    const around = coverOf(nests.slice(0, level));
    for (const node of nests[level] ?? []) {
      const outer = around(node.item.component.runs);
      // nothing around it: the wider component was too small or cleared
      if (outer) outer.inner.push(node);
      else roots.push(node);
    }
  }
  return roots.flatMap((root) => best(root).chosen);
}

/** The node of the strictest level that holds a component's first pixel. */
function coverOf<T extends Ranked>(nests: readonly (readonly Node<T>[])[]): (runs: Int32Array) => Node<T> | undefined {
  const byRow = nests.map((nodes) => {
    const rows = new Map<number, { from: number; to: number; node: Node<T> }[]>();
    for (const node of nodes) {
      const { runs } = node.item.component;
      for (let i = 0; i + 2 < runs.length; i += 3) {
        const span = { from: runs[i + 1] ?? 0, to: runs[i + 2] ?? 0, node };
        const list = rows.get(runs[i] ?? 0);
        if (list) list.push(span);
        else rows.set(runs[i] ?? 0, [span]);
      }
    }
    return rows;
  });
  return ([row = 0, col = 0]) => {
    for (let level = byRow.length - 1; level >= 0; level--) {
      const span = byRow[level]?.get(row)?.find(({ from, to }) => from <= col && col <= to);
      if (span) return span.node;
    }
    return undefined;
  };
}

/** The node itself, unless something inside it ranks higher; then the best of each inner node. */
function best<T extends Ranked>({ item, inner }: Node<T>): { rank: number; chosen: T[] } {
  let rank = Number.NEGATIVE_INFINITY;
  const chosen: T[] = [];
  for (const node of inner) {
    const found = best(node);
    rank = Math.max(rank, found.rank);
    chosen.push(...found.chosen);
  }
  return item.rank >= rank ? { rank: item.rank, chosen: [item] } : { rank, chosen };
}
