import { DOMException } from "./dom_exception.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const sextets = new Map([...alphabet].map((character, value) => [character, value]));

/** https://html.spec.whatwg.org/#dom-btoa */
export function btoa(...given: [data?: unknown]): string {
  if (given.length === 0) throw new TypeError("btoa needs a string.");
  const text = String(given[0]);
  let out = "";
  for (let at = 0; at < text.length; at += 3) {
    const bytes = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
    if (bytes.some((byte) => byte > 255)) {
      throw new DOMException(
        "The string to be encoded contains characters outside of the Latin1 range.",
        "InvalidCharacterError",
      );
    }
    const [a = 0, b = 0, c = 0] = bytes;
    const left = text.length - at;
    out += alphabet[a >> 2]! + alphabet[((a & 3) << 4) | (b >> 4)]!;
    out += left > 1 ? alphabet[((b & 15) << 2) | (c >> 6)]! : "=";
    out += left > 2 ? alphabet[c & 63]! : "=";
  }
  return out;
}

/** https://html.spec.whatwg.org/#dom-atob */
export function atob(...given: [data?: unknown]): string {
  if (given.length === 0) throw new TypeError("atob needs a string.");
  let text = String(given[0]).replace(/[\t\n\f\r ]/g, "");
  if (text.length % 4 === 0) text = text.replace(/==?$/, "");
  const invalid = () =>
    new DOMException("The string to be decoded is not correctly encoded.", "InvalidCharacterError");
  if (text.length % 4 === 1) throw invalid();
  let out = "";
  let bits = 0;
  let held = 0;
  for (const character of text) {
    const value = sextets.get(character);
    if (value === undefined) throw invalid();
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += String.fromCharCode((held >> bits) & 255);
    }
  }
  return out;
}
