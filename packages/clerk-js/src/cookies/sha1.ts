/**
 * SHA-1 of a text (FIPS 180-4), for pages without HTTPS, where `crypto.subtle` is
 * missing. It names cookies and protects nothing.
 */
export function sha1(text: string): Uint8Array {
  const message = new TextEncoder().encode(text);
  const words = new Int32Array((((message.length + 8) >> 6) + 1) * 16);
  message.forEach((byte, i) => {
    words[i >> 2]! |= byte << (24 - (i % 4) * 8);
  });
  words[message.length >> 2]! |= 0x80 << (24 - (message.length % 4) * 8);
  words[words.length - 1] = message.length * 8;

  const hash = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const schedule = new Int32Array(80);
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d, e] = hash as unknown as [number, number, number, number, number];
    for (let t = 0; t < 80; t++) {
      schedule[t] =
        t < 16
          ? words[block + t]!
          : rotate(schedule[t - 3]! ^ schedule[t - 8]! ^ schedule[t - 14]! ^ schedule[t - 16]!, 1);
      const mixed = rotate(a, 5) + e + schedule[t]! + round(t, b, c, d);
      [a, b, c, d, e] = [mixed | 0, a, rotate(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((word, i) => {
      hash[i]! += word;
    });
  }
  return Uint8Array.from({ length: 20 }, (_, i) => hash[i >> 2]! >>> (24 - (i % 4) * 8));
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function round(t: number, b: number, c: number, d: number): number {
  if (t < 20) {
    return ((b & c) | (~b & d)) + 0x5a827999;
  }
  if (t < 40) {
    return (b ^ c ^ d) + 0x6ed9eba1;
  }
  if (t < 60) {
    return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  }
  return (b ^ c ^ d) + 0xca62c1d6;
}
