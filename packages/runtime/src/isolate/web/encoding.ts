/** TextEncoder and TextDecoder: the kept implementation with every encoding of the web. */
export { TextDecoder, TextEncoder } from "@exodus/bytes/encoding.js";
