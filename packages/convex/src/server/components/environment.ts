// biome-ignore-all lint/suspicious/noExplicitAny: `any` is how these public generics say "not constrained"; apps rely on it.
import type {
  GenericValidator,
  Infer,
  Validator,
  VLiteral,
  VOptional,
  VString,
  VUnion,
} from "@tandem/values";
import { isValidator } from "@tandem/values";
import type { Expand } from "../type_shapes.ts";

/** A validator of text: environment variables are nothing else. */
export type StringLikeValidator =
  | VString<string, "required">
  | VLiteral<string, "required">
  | VUnion<string, Validator<any, "required", any>[], "required">;

/** The environment variables that an app or a component declares. */
export type EnvDefinition = Record<string, StringLikeValidator | VOptional<StringLikeValidator>>;

/** The declared variables as code reads them: those that are optional may be missing. */
export type EnvFromDefinition<E extends EnvDefinition> = Expand<
  {
    [K in keyof E as E[K] extends Validator<any, "optional", any> ? never : K]: Infer<E[K]>;
  } & {
    [K in keyof E as E[K] extends Validator<any, "optional", any> ? K : never]?: Infer<E[K]> | undefined;
  }
>;

/** Stands for a variable of the app where a component is given one. */
export type EnvRef<K extends string = string> = { __envVarRef: K };

/** Stand-ins for all declared variables. */
export type EnvRefFromDefinition<E extends EnvDefinition> = { [K in keyof E & string]: EnvRef<K> };

/** A declaration as it is pushed (R §6). */
export type EnvVarJson = [name: string, { type: "value"; value: string; optional?: boolean }];

/** A variable given to a component as it is pushed (R §6). */
export type EnvBindingJson = [
  name: string,
  { type: "value"; value: string } | { type: "envVar"; name: string },
];

/**
 * Checks declarations of variables.
 *
 * @throws Error when one is not a validator.
 */
export function requireEnvValidators(env: EnvDefinition | undefined): void {
  for (const [name, validator] of Object.entries(env ?? {})) {
    if (!isValidator(validator)) {
      throw new Error(`The environment variable "${name}" needs a validator, like \`v.string()\`.`);
    }
  }
}

/** Declarations as they are pushed. */
export function envVarsJson(env: EnvDefinition): EnvVarJson[] {
  return Object.entries(env).map(([name, declared]) => {
    const validator = declared as GenericValidator & { json: unknown };
    const value = JSON.stringify(validator.json);
    return [
      name,
      { type: "value", value, ...(validator.isOptional === "optional" ? { optional: true } : {}) },
    ];
  });
}

/** Bindings as they are pushed; those that are `undefined` are left out. */
export function envBindingsJson(bindings: Record<string, unknown>): EnvBindingJson[] {
  const json: EnvBindingJson[] = [];
  for (const [name, bound] of Object.entries(bindings)) {
    if (bound === undefined) continue;
    const reference = (bound as EnvRef | null)?.__envVarRef;
    if (typeof reference === "string") json.push([name, { type: "envVar", name: reference }]);
    else if (typeof bound === "string") json.push([name, { type: "value", value: bound }]);
    else {
      throw new Error(
        `The environment variable "${name}" must be given as a string or as a variable of this app (\`app.env.NAME\`), but got a value of type ${typeof bound}.`,
      );
    }
  }
  return json;
}

/** Proxy handler of `app.env`: hands out stand-ins for declared variables only. */
class EnvRefs {
  private readonly declared: EnvDefinition;
  private readonly definer: string;

  constructor(declared: EnvDefinition, definer: string) {
    this.declared = declared;
    this.definer = definer;
  }

  get(_target: object, property: string | symbol): EnvRef | undefined {
    if (typeof property !== "string") return undefined;
    if (!Object.hasOwn(this.declared, property)) {
      throw new Error(
        `The environment variable "${property}" is not declared. Add it to the \`env\` option of \`${this.definer}\`.`,
      );
    }
    return { __envVarRef: property };
  }
}

/** Stand-ins for declared variables. */
export function envRefs<Env extends EnvDefinition>(
  declared: Env | undefined,
  definer: string,
): EnvRefFromDefinition<Env> {
  return new Proxy({}, new EnvRefs(declared ?? {}, definer)) as EnvRefFromDefinition<Env>;
}
