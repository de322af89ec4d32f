/** Leaves split in two at this size: small enough to insert into by copying, large enough to keep few of them. */
const LEAF_LIMIT = 256;

interface Leaf<V> {
  readonly keys: string[];
  readonly values: V[];
}

/** A map ordered by the code units of its keys: a list of short sorted leaves, each found by halving. */
export class SortedMap<V> {
  readonly #leaves: Leaf<V>[] = [{ keys: [], values: [] }];

  get(key: string): V | undefined {
    const leaf = this.#leaves[this.#leafFor(key)]!;
    const at = lowerBound(leaf.keys, key);
    return leaf.keys[at] === key ? leaf.values[at] : undefined;
  }

  set(key: string, value: V): void {
    const leafAt = this.#leafFor(key);
    const leaf = this.#leaves[leafAt]!;
    const at = lowerBound(leaf.keys, key);
    if (leaf.keys[at] === key) {
      leaf.values[at] = value;
      return;
    }
    leaf.keys.splice(at, 0, key);
    leaf.values.splice(at, 0, value);
    if (leaf.keys.length > LEAF_LIMIT) {
      const half = leaf.keys.length >> 1;
      this.#leaves.splice(leafAt + 1, 0, { keys: leaf.keys.splice(half), values: leaf.values.splice(half) });
    }
  }

  delete(key: string): void {
    const leafAt = this.#leafFor(key);
    const leaf = this.#leaves[leafAt]!;
    const at = lowerBound(leaf.keys, key);
    if (leaf.keys[at] !== key) return;
    leaf.keys.splice(at, 1);
    leaf.values.splice(at, 1);
    if (leaf.keys.length === 0 && this.#leaves.length > 1) this.#leaves.splice(leafAt, 1);
  }

  /** Entries of `[start, end)` in ascending order until `visit` answers false. The map must not change meanwhile. */
  ascend(start: string, end: string | null, visit: (key: string, value: V) => boolean): void {
    let leafAt = this.#leafFor(start);
    let at = lowerBound(this.#leaves[leafAt]!.keys, start);
    for (; leafAt < this.#leaves.length; leafAt++, at = 0) {
      const leaf = this.#leaves[leafAt]!;
      for (; at < leaf.keys.length; at++) {
        const key = leaf.keys[at]!;
        if (end !== null && key >= end) return;
        if (!visit(key, leaf.values[at]!)) return;
      }
    }
  }

  /** Entries of `[start, end)` in descending order until `visit` answers false. The map must not change meanwhile. */
  descend(start: string, end: string | null, visit: (key: string, value: V) => boolean): void {
    let leafAt = end === null ? this.#leaves.length - 1 : this.#leafFor(end);
    const last = this.#leaves[leafAt]!;
    let at = end === null ? last.keys.length - 1 : lowerBound(last.keys, end) - 1;
    for (;;) {
      const leaf = this.#leaves[leafAt]!;
      for (; at >= 0; at--) {
        const key = leaf.keys[at]!;
        if (key < start) return;
        if (!visit(key, leaf.values[at]!)) return;
      }
      if (leafAt === 0) return;
      leafAt--;
      at = this.#leaves[leafAt]!.keys.length - 1;
    }
  }

  /** The leaf that holds `key`, or would. */
  #leafFor(key: string): number {
    let low = 0;
    let high = this.#leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      // Only a map without any entry has an empty leaf.
      if (this.#leaves[middle]!.keys[0]! <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
