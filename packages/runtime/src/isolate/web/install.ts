import * as abort from "./abort.ts";
import { AsyncLocalStorage, AsyncResource } from "./async_context.ts";
import { atob, btoa } from "./base64.ts";
import { DOMException } from "./dom_exception.ts";
import * as events from "./event.ts";
import { cryptography, encodings, network, streams, urls } from "./lazy_groups.ts";
import { Performance } from "./performance.ts";
import { env } from "./process_env.ts";
import { structuredClone } from "./structured_clone.ts";
import { clearInterval, clearTimeout, setInterval, setTimeout } from "./timers.ts";

const lazyGlobals: readonly (readonly [() => object, readonly string[]])[] = [
  [encodings, ["TextEncoder", "TextDecoder"]],
  [urls, ["URL", "URLSearchParams"]],
  [
    streams,
    [
      "ByteLengthQueuingStrategy",
      "CountQueuingStrategy",
      "ReadableByteStreamController",
      "ReadableStream",
      "ReadableStreamBYOBReader",
      "ReadableStreamBYOBRequest",
      "ReadableStreamDefaultController",
      "ReadableStreamDefaultReader",
      "TextDecoderStream",
      "TextEncoderStream",
      "TransformStream",
      "TransformStreamDefaultController",
      "WritableStream",
      "WritableStreamDefaultController",
      "WritableStreamDefaultWriter",
    ],
  ],
  [network, ["Blob", "File", "FormData", "Headers", "Request", "Response", "fetch"]],
  [cryptography, ["crypto", "Crypto", "CryptoKey", "SubtleCrypto"]],
];

/** Makes every Web API of R §2.2 a global: replaceable and not enumerable, as a browser has them. */
export function installWebApis(global: object): void {
  const eager: Record<string, unknown> = {
    self: global,
    process: { env },
    DOMException,
    atob,
    btoa,
    structuredClone,
    ...events,
    ...abort,
    setTimeout,
    setInterval,
    clearTimeout,
    clearInterval,
    Performance,
    performance: new Performance(),
    AsyncLocalStorage,
    AsyncResource,
  };
  for (const [name, value] of Object.entries(eager)) {
    Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false });
  }
  for (const [group, names] of lazyGlobals) for (const name of names) defineLazily(global, name, group);
}

// Stays an accessor after the first use, so that it works the same on a frozen global and on one over it.
function defineLazily(global: object, name: string, group: () => object): void {
  Object.defineProperty(global, name, {
    get: () => (group() as Record<string, unknown>)[name],
    set(this: object, value: unknown) {
      Object.defineProperty(this ?? global, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      });
    },
    configurable: true,
    enumerable: false,
  });
}
