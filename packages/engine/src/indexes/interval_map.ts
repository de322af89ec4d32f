import type { IndexKey } from "@tandem/values";

/** A stretch with everything that is filed under it; a node of a treap ordered by (start, end). */
interface Node<T> {
  readonly start: IndexKey;
  /** `null` is behind every key. */
  readonly end: IndexKey | null;
  readonly values: Set<T>;
  readonly priority: number;
  /** The greatest end in this subtree. */
  reach: IndexKey | null;
  left: Node<T> | null;
  right: Node<T> | null;
}

/**
 * Half-open stretches of keys, each with values; answers which of them a key lies in. Insert and remove
 * take O(log n), a stab O(log n) for every stretch it finds. Equal stretches are one.
 */
export class IntervalMap<T> {
  readonly #points = new Map<IndexKey, Set<T>>();
  #root: Node<T> | null = null;
  /** Priorities only have to be spread; their order is the same in every run. */
  #seed = 0x9e3779b9;

  get isEmpty(): boolean {
    return this.#root === null && this.#points.size === 0;
  }

  /** Files `value` under `[start, end)`; an absent `end` is the single key `start`, `null` is the last key. */
  insert(start: IndexKey, end: IndexKey | null | undefined, value: T): void {
    if (end === undefined) {
      const values = this.#points.get(start);
      if (values === undefined) this.#points.set(start, new Set([value]));
      else values.add(value);
      return;
    }
    if (end !== null && end <= start) return;
    const found = this.#find(start, end);
    if (found !== null) {
      found.values.add(value);
      return;
    }
    const priority = this.#nextPriority();
    const node = { start, end, values: new Set([value]), priority, reach: end, left: null, right: null };
    this.#root = insertNode(this.#root, node);
  }

  /** Takes `value` out from under exactly this stretch. */
  remove(start: IndexKey, end: IndexKey | null | undefined, value: T): void {
    if (end === undefined) {
      const values = this.#points.get(start);
      if (values?.delete(value) && values.size === 0) this.#points.delete(start);
      return;
    }
    const found = this.#find(start, end);
    if (found?.values.delete(value) && found.values.size === 0) {
      this.#root = removeNode(this.#root, found);
    }
  }

  /** Adds to `into` every value filed under a stretch that `key` lies in. */
  stab(key: IndexKey, into: Set<T>): void {
    const values = this.#points.get(key);
    if (values !== undefined) for (const value of values) into.add(value);
    if (this.#root !== null) stabNode(this.#root, key, into);
  }

  #find(start: IndexKey, end: IndexKey | null): Node<T> | null {
    let node = this.#root;
    while (node !== null) {
      const order = compareStretch(start, end, node);
      if (order === 0) return node;
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  #nextPriority(): number {
    let x = this.#seed;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#seed = x;
    return x;
  }
}

function compareStretch<T>(start: IndexKey, end: IndexKey | null, node: Node<T>): number {
  if (start !== node.start) return start < node.start ? -1 : 1;
  if (end === node.end) return 0;
  if (end === null) return 1;
  return node.end === null || end < node.end ? -1 : 1;
}

function later(a: IndexKey | null, b: IndexKey | null): IndexKey | null {
  if (a === null || b === null) return null;
  return a < b ? b : a;
}

function measure<T>(node: Node<T>): Node<T> {
  let reach = node.end;
  if (node.left !== null) reach = later(reach, node.left.reach);
  if (node.right !== null) reach = later(reach, node.right.reach);
  node.reach = reach;
  return node;
}

function insertNode<T>(root: Node<T> | null, node: Node<T>): Node<T> {
  if (root === null) return measure(node);
  if (node.priority > root.priority) {
    const [left, right] = split(root, node);
    node.left = left;
    node.right = right;
    return measure(node);
  }
  if (compareStretch(node.start, node.end, root) < 0) root.left = insertNode(root.left, node);
  else root.right = insertNode(root.right, node);
  return measure(root);
}

/** Divides a tree into what is before `at` and what is behind it. */
function split<T>(root: Node<T> | null, at: Node<T>): [Node<T> | null, Node<T> | null] {
  if (root === null) return [null, null];
  if (compareStretch(at.start, at.end, root) < 0) {
    const [left, right] = split(root.left, at);
    root.left = right;
    return [left, measure(root)];
  }
  const [left, right] = split(root.right, at);
  root.right = left;
  return [measure(root), right];
}

function removeNode<T>(root: Node<T> | null, node: Node<T>): Node<T> | null {
  if (root === null) return null;
  if (root === node) return join(root.left, root.right);
  if (compareStretch(node.start, node.end, root) < 0) root.left = removeNode(root.left, node);
  else root.right = removeNode(root.right, node);
  return measure(root);
}

/** Puts two trees together of which the first lies wholly before the second. */
function join<T>(left: Node<T> | null, right: Node<T> | null): Node<T> | null {
  if (left === null) return right;
  if (right === null) return left;
  if (left.priority > right.priority) {
    left.right = join(left.right, right);
    return measure(left);
  }
  right.left = join(left, right.left);
  return measure(right);
}

function stabNode<T>(node: Node<T>, key: IndexKey, into: Set<T>): void {
  if (node.reach !== null && node.reach <= key) return;
  if (node.left !== null) stabNode(node.left, key, into);
  if (key < node.start) return;
  if (node.end === null || key < node.end) for (const value of node.values) into.add(value);
  if (node.right !== null) stabNode(node.right, key, into);
}
