export type DependencyKind =
  /** The later one overwrote the earlier one's version. */
  | "ww"
  /** The later one read the earlier one's version. */
  | "wr"
  /** The later one overwrote what the earlier one had read. */
  | "rw"
  /** The later one put a row where the earlier one had seen none, or took one away. */
  | "rw-predicate"
  /** The later one began when the earlier one's end was known. */
  | "realtime";

export interface Dependency {
  readonly from: number;
  readonly to: number;
  readonly kind: DependencyKind;
  readonly key: string;
}

/** Which transaction has to come before which in any serial order that explains the history. */
export class DependencyGraph {
  readonly #edges = new Map<number, Dependency[]>();

  add(from: number, to: number, kind: DependencyKind, key: string): void {
    if (from === to) return;
    const edges = this.#edges.get(from);
    const edge = { from, to, kind, key };
    if (edges === undefined) this.#edges.set(from, [edge]);
    else edges.push(edge);
  }

  /**
   * Shortest cycles over edges of `kinds`, one for each knot of transactions that wait for each other.
   * No cycle means that a serial order exists.
   */
  cycles(kinds: readonly DependencyKind[]): Dependency[][] {
    const wanted = new Set(kinds);
    const edgesOf = (node: number) => (this.#edges.get(node) ?? []).filter(({ kind }) => wanted.has(kind));
    const cycles: Dependency[][] = [];
    for (const knot of this.#knots(edgesOf)) {
      let shortest: Dependency[] | null = null;
      for (const node of knot) {
        const cycle = shortestCycle(node, knot, edgesOf);
        if (cycle !== null && (shortest === null || cycle.length < shortest.length)) shortest = cycle;
      }
      if (shortest !== null) cycles.push(shortest);
    }
    return cycles;
  }

  /** Two transactions that both changed the version of one key that both had read. */
  lostUpdates(): Dependency[][] {
    const found: Dependency[][] = [];
    for (const edges of this.#edges.values()) {
      for (const edge of edges) {
        if (edge.kind !== "rw") continue;
        const back = this.#edges
          .get(edge.to)
          ?.find(({ to, kind, key }) => to === edge.from && kind === "ww" && key === edge.key);
        if (back !== undefined) found.push([edge, back]);
      }
    }
    return found;
  }

  /** Strongly connected components of more than one node (Tarjan). */
  #knots(edgesOf: (node: number) => readonly Dependency[]): Set<number>[] {
    const order = new Map<number, number>();
    const low = new Map<number, number>();
    const stack: number[] = [];
    const onStack = new Set<number>();
    const knots: Set<number>[] = [];
    const visit = (node: number): void => {
      order.set(node, order.size);
      low.set(node, order.get(node)!);
      stack.push(node);
      onStack.add(node);
      for (const { to } of edgesOf(node)) {
        if (!order.has(to)) {
          visit(to);
          low.set(node, Math.min(low.get(node)!, low.get(to)!));
        } else if (onStack.has(to)) {
          low.set(node, Math.min(low.get(node)!, order.get(to)!));
        }
      }
      if (low.get(node) !== order.get(node)) return;
      const knot = new Set<number>();
      for (;;) {
        const member = stack.pop()!;
        onStack.delete(member);
        knot.add(member);
        if (member === node) break;
      }
      if (knot.size > 1) knots.push(knot);
    };
    for (const node of this.#edges.keys()) if (!order.has(node)) visit(node);
    return knots;
  }
}

function shortestCycle(
  start: number,
  within: ReadonlySet<number>,
  edgesOf: (node: number) => readonly Dependency[],
): Dependency[] | null {
  const cameBy = new Map<number, Dependency>();
  let frontier = [start];
  while (frontier.length > 0) {
    const next: number[] = [];
    for (const node of frontier) {
      for (const edge of edgesOf(node)) {
        if (!within.has(edge.to)) continue;
        if (edge.to === start) {
          const cycle = [edge];
          for (let at = node; at !== start; at = cycle[0]!.from) cycle.unshift(cameBy.get(at)!);
          return cycle;
        }
        if (cameBy.has(edge.to)) continue;
        cameBy.set(edge.to, edge);
        next.push(edge.to);
      }
    }
    frontier = next;
  }
  return null;
}
