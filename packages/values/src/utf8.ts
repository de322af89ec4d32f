const ASCII = /^[\0-\x7f]*$/;

/**
 * Length of a string in UTF-8, in bytes. Lone surrogates count as the three bytes of their
 * replacement character.
 */
export function utf8ByteLength(text: string): number {
  let bytes = text.length;
  if (ASCII.test(text)) return bytes;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code < 0x800) {
      bytes += 1;
    } else if (code >= 0xd800 && code <= 0xdbff && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 2;
      i++;
    } else {
      bytes += 2;
    }
  }
  return bytes;
}

/**
 * The UTF-8 bytes of a string as a byte string (every char code is one byte). A lone surrogate, which
 * has no UTF-8 form, is written as the three bytes its number would have, so that nothing is lost.
 */
export function utf8ToByteString(text: string): string {
  if (ASCII.test(text)) return text;
  let out = "";
  let plainFrom = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (i > plainFrom) out += text.slice(plainFrom, i);
    if (code < 0x800) {
      out += String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
    } else {
      const next = code >= 0xd800 && code <= 0xdbff ? text.charCodeAt(i + 1) : 0;
      if (isLowSurrogate(next)) {
        const point = ((code - 0xd800) << 10) + (next - 0xdc00) + 0x10000;
        out += String.fromCharCode(
          0xf0 | (point >> 18),
          0x80 | ((point >> 12) & 63),
          0x80 | ((point >> 6) & 63),
          0x80 | (point & 63),
        );
        i++;
      } else {
        out += String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      }
    }
    plainFrom = i + 1;
  }
  return out + text.slice(plainFrom);
}

/** The inverse of {@link utf8ToByteString}; throws on bytes that it cannot have written. */
export function byteStringToUtf16(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  let out = "";
  let plainFrom = 0;
  for (let i = 0; i < bytes.length; ) {
    const first = bytes.charCodeAt(i);
    if (first < 0x80) {
      i++;
      continue;
    }
    if (i > plainFrom) out += bytes.slice(plainFrom, i);
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc0 || first > 0xf7 || i + length > bytes.length) {
      throw new Error(`Invalid UTF-8: unexpected byte 0x${first.toString(16)} at position ${i}.`);
    }
    let point = first & (0xff >> (length + 1));
    for (let k = 1; k < length; k++) {
      const byte = bytes.charCodeAt(i + k);
      if ((byte & 0xc0) !== 0x80) {
        throw new Error(`Invalid UTF-8: unexpected byte 0x${byte.toString(16)} at position ${i + k}.`);
      }
      point = (point << 6) | (byte & 63);
    }
    if (point > 0x10ffff)
      throw new Error(`Invalid UTF-8: code point 0x${point.toString(16)} at position ${i}.`);
    out += String.fromCodePoint(point);
    i += length;
    plainFrom = i;
  }
  return out + bytes.slice(plainFrom);
}

/** Whether a string has no lone surrogate and so has a UTF-8 form. */
export function isWellFormedUnicode(text: string): boolean {
  // Some mobile engines do not have the method yet.
  if (typeof text.isWellFormed === "function") return text.isWellFormed();
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
