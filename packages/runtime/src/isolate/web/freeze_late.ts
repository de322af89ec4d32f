const { freeze, getOwnPropertyDescriptor, getPrototypeOf, isFrozen } = Object;
const { ownKeys } = Reflect;

/**
 * What is loaded into a realm that was frozen before must be frozen too: else one call could leave something on
 * `Response.prototype` for the next. Stops at what is frozen already.
 */
export function freezeLate(roots: readonly unknown[]): void {
  const pending: object[] = [];
  const visit = (value: unknown, isRoot = false): void => {
    if ((typeof value !== "object" || value === null) && typeof value !== "function") return;
    // Libraries freeze some of their classes themselves, but not what hangs on them.
    if (isFrozen(value) && !isRoot) return;
    // The contents of a view cannot be frozen.
    if (!ArrayBuffer.isView(value)) freeze(value);
    pending.push(value);
  };
  for (const root of roots) visit(root, true);
  while (pending.length > 0) {
    const value = pending.pop()!;
    visit(getPrototypeOf(value));
    if (ArrayBuffer.isView(value)) continue;
    for (const key of ownKeys(value)) {
      const property = getOwnPropertyDescriptor(value, key)!;
      visit(property.value);
      visit(property.get);
      visit(property.set);
    }
  }
}
