// Libraries that ship no types of their own.

declare module "whatwg-url" {
  export const URL: typeof globalThis.URL;
  export type URL = globalThis.URL;
  export const URLSearchParams: typeof globalThis.URLSearchParams;
  export type URLSearchParams = globalThis.URLSearchParams;
}

declare module "object-inspect" {
  interface Options {
    readonly indent?: number;
    readonly maxStringLength?: number;
    readonly customInspect?: boolean;
  }
  const inspect: (value: unknown, options?: Options) => string;
  // biome-ignore lint/style/noDefaultExport: the library has no other.
  export default inspect;
}
