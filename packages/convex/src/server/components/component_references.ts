import { toReferencePath } from "../api.ts";
import type { AnyFunctionReference } from "../function_reference.ts";

type AnyComponentTree = { [key: string]: AnyComponentTree } & AnyFunctionReference;

/** The functions of a component of which nothing is known. */
export type AnyComponentReference = Record<string, AnyComponentTree>;

/** The components of an app of which nothing is known, by name. */
export type AnyChildComponents = Record<string, AnyComponentReference>;

/** @deprecated The same as {@link AnyChildComponents}. */
export type AnyComponents = AnyChildComponents;

/** Proxy handler for one node of `components`: each property leads one step deeper. */
class ComponentNode {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get(_target: object, property: string | symbol): unknown {
    if (typeof property === "string") return componentTree(`${this.path}/${property}`);
    if (property !== toReferencePath) return undefined;
    if (this.path === "_reference/childComponent") {
      throw new Error(
        "`components` is not a function: a path names a component, a module and an export, like `components.mail.outbox.send`.",
      );
    }
    return this.path;
  }
}

/** Every path below a reference path, as function references. */
export function componentTree(path: string): unknown {
  return new Proxy({}, new ComponentNode(path));
}

/** Components of which nothing is known: every path is a function reference. The generated `components` is one. */
export const componentsGeneric = (): AnyChildComponents =>
  componentTree("_reference/childComponent") as AnyChildComponents;

/** A system function within a component, for tools of the backend itself (R §1.4). */
export function currentSystemUdfInComponent(componentId: string): { [toReferencePath]: string } {
  return { [toReferencePath]: `_reference/currentSystemUdfInComponent/${componentId}` };
}
