/**
 * Shows a computed object type as one flat object, so that editors print its fields and not the operators
 * that made it. A union is flattened member by member.
 */
// biome-ignore-start lint/suspicious/noExplicitAny: any object type may be shown, whatever its fields hold.
export type Expand<ObjectType extends Record<any, any>> =
  ObjectType extends Record<any, any> ? { [Key in keyof ObjectType]: ObjectType[Key] } : never;
// biome-ignore-end lint/suspicious/noExplicitAny: see above.

/** `Omit` that keeps index signatures and optional marks as they are. */
export type BetterOmit<T, K extends keyof T> = {
  [Property in keyof T as Property extends K ? never : Property]: T[Property];
};

/** The type that is every member of a union at once. */
export type UnionToIntersection<UnionType> = (
  UnionType extends unknown
    ? (member: UnionType) => void
    : never
) extends (all: infer Intersection) => void
  ? Intersection
  : never;
