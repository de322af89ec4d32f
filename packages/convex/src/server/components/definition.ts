// biome-ignore-all lint/suspicious/noExplicitAny: `any` is how these public generics say "not constrained"; apps rely on it.
// biome-ignore-all lint/complexity/noBannedTypes: `{}` is the environment without variables.
import type { Infer, Validator } from "@tandem/values";
import { toReferencePath } from "../api.ts";
import type { FunctionReference } from "../function_reference.ts";
import type { Expand } from "../type_shapes.ts";
import { componentTree } from "./component_references.ts";
import type {
  EnvBindingJson,
  EnvDefinition,
  EnvFromDefinition,
  EnvRef,
  EnvRefFromDefinition,
  EnvVarJson,
} from "./environment.ts";
import { envBindingsJson, envRefs, envVarsJson, requireEnvValidators } from "./environment.ts";

interface ComponentExports {
  [key: string]: FunctionReference<any, any, any, any> | ComponentExports;
}

/** A component, as its `convex.config.ts` exports it. */
export type ComponentDefinition<Exports extends ComponentExports = any, Env extends EnvDefinition = {}> = {
  /** Installs another component in this one. */
  use<Definition extends ComponentDefinition<any, any>>(
    definition: Definition,
    ...args: UseArgs<Definition>
  ): InstalledComponent<Definition>;
  __exports: Exports;
  env: EnvRefFromDefinition<Env>;
  __env: Env;
};

/** An app, as its `convex.config.ts` exports it. */
export type AppDefinition<Env extends EnvDefinition = EnvDefinition> = {
  /** Installs a component in this app. */
  use<Definition extends ComponentDefinition<any, any>>(
    definition: Definition,
    ...args: UseArgs<Definition>
  ): InstalledComponent<Definition>;
  env: EnvRefFromDefinition<Env>;
  __env: Env;
};

/** The environment variables of an app, from `typeof app`. */
export type EnvFromAppDefinition<A> =
  A extends AppDefinition<infer E> ? EnvFromDefinition<E> : Record<string, never>;

type RequiredEnvKeys<E extends EnvDefinition> = {
  [K in keyof E]: E[K] extends Validator<any, "optional", any> ? never : K;
}[keyof E];

type EnvBindings<E extends EnvDefinition> = Expand<
  {
    [K in keyof E as E[K] extends Validator<any, "optional", any> ? never : K]: Infer<E[K]> | EnvRef;
  } & {
    [K in keyof E as E[K] extends Validator<any, "optional", any> ? K : never]?:
      | Infer<E[K]>
      | EnvRef
      | undefined;
  }
>;

type UseArgs<Definition extends ComponentDefinition<any, any>> =
  RequiredEnvKeys<Definition["__env"]> extends never
    ? [options?: { name?: string; httpPrefix?: string; env?: EnvBindings<Definition["__env"]> }]
    : [options: { name?: string; httpPrefix?: string; env: EnvBindings<Definition["__env"]> }];

type UseOptions = { name?: string; httpPrefix?: string; env?: Record<string, unknown> };

/** A component as the host hands it to its parent while definitions are evaluated (R §6). */
type ImportedDefinition = { componentDefinitionPath?: unknown; defaultName?: unknown };

type ChildJson = { name: string; path: string; args: []; env: EnvBindingJson[] };

/** What a definition is pushed as (R §6). */
type DefinitionJson = {
  name?: string;
  definitionType: { type: "app" } | { type: "childComponent"; name: string; args: [] };
  httpPrefix?: string;
  childComponents: ChildJson[];
  httpMounts: Record<string, string>;
  exports: { type: "branch"; branch: [] };
  envVars?: EnvVarJson[];
};

class InstalledComponent<Definition extends ComponentDefinition<any, any>> {
  declare readonly [toReferencePath]: string;

  constructor(path: string) {
    Object.defineProperty(this, toReferencePath, { value: path });
  }

  /** References to the component's functions. */
  get exports(): Definition["__exports"] {
    return componentTree(this[toReferencePath]);
  }
}

/** Checks a prefix of paths; with a slash at its end. */
function normalPrefix(prefix: string): string {
  if (!prefix.startsWith("/")) throw new Error(`The httpPrefix "${prefix}" must start with "/".`);
  return prefix.endsWith("/") ? prefix : `${prefix}/`;
}

/** What apps and components have in common: children. */
class Definition {
  readonly _isRoot: boolean;
  readonly env: EnvRefFromDefinition<any>;
  private readonly children: ChildJson[] = [];
  private readonly httpMounts: Record<string, string> = {};
  private readonly own: () => Partial<DefinitionJson> & Pick<DefinitionJson, "definitionType">;

  constructor(
    isRoot: boolean,
    env: EnvRefFromDefinition<any>,
    own: () => Partial<DefinitionJson> & Pick<DefinitionJson, "definitionType">,
  ) {
    this._isRoot = isRoot;
    this.env = env;
    this.own = own;
  }

  use(definition: object, options?: UseOptions): InstalledComponent<any> {
    const { componentDefinitionPath, defaultName } = definition as ImportedDefinition;
    if (typeof componentDefinitionPath !== "string" || componentDefinitionPath === "") {
      throw new Error(
        "This is not a component's definition as the backend provides it. Definitions are evaluated by a push, and import components from their `convex.config`.",
      );
    }
    const name = options?.name ?? defaultName ?? componentDefinitionPath.split("/").pop();
    if (typeof name !== "string" || name === "") {
      throw new Error("The name of a component must be a string that is not empty.");
    }
    const path = `_reference/childComponent/${name}`;
    if (options?.httpPrefix !== undefined) this.httpMounts[normalPrefix(options.httpPrefix)] = path;
    const env = envBindingsJson(options?.env ?? {});
    this.children.push({ name, path: componentDefinitionPath, args: [], env });
    return new InstalledComponent(path);
  }

  /** @internal The definition as it is pushed. */
  export(): DefinitionJson {
    const { name, httpPrefix, envVars, definitionType } = this.own();
    return {
      ...(name === undefined ? {} : { name }),
      definitionType,
      ...(httpPrefix === undefined ? {} : { httpPrefix }),
      childComponents: this.children,
      httpMounts: this.httpMounts,
      exports: { type: "branch", branch: [] },
      ...(envVars === undefined ? {} : { envVars }),
    };
  }
}

/** Defines a component, in its `convex.config.ts`. */
export function defineComponent<Exports extends ComponentExports = any, const Env extends EnvDefinition = {}>(
  name: string,
  options?: { env?: Env },
): ComponentDefinition<Exports, Env> {
  const env = options?.env;
  requireEnvValidators(env);
  const definition = new Definition(false, envRefs(env, "defineComponent"), () => ({
    name,
    definitionType: { type: "childComponent", name, args: [] },
    ...(env === undefined || Object.keys(env).length === 0 ? {} : { envVars: envVarsJson(env) }),
  }));
  return definition as unknown as ComponentDefinition<Exports, Env>;
}

/** Defines an app, in `convex/convex.config.ts`: which components it uses and which environment variables it needs. */
export function defineApp<Env extends EnvDefinition = EnvDefinition>(options?: {
  httpPrefix?: string;
  env?: Env;
}): AppDefinition<Env> {
  const env = options?.env;
  requireEnvValidators(env);
  const httpPrefix = options?.httpPrefix === undefined ? undefined : normalPrefix(options.httpPrefix);
  const definition = new Definition(true, envRefs(env, "defineApp"), () => ({
    definitionType: { type: "app" },
    ...(httpPrefix === undefined ? {} : { httpPrefix }),
    ...(env === undefined ? {} : { envVars: envVarsJson(env) }),
  }));
  return definition as unknown as AppDefinition<Env>;
}
