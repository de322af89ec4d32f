import type { Duplex } from "node:stream";

/** A final text frame; servers do not mask (RFC 6455 §5.2). */
const FINAL_TEXT = "\x81";
/** Characters up to which messages are joined: longer ones are not copied only to save a system call. */
const LONGEST_JOINED = 16_384;

/**
 * Writes text messages to a TCP stream as WebSocket frames (RFC 6455 §5). What is sent between `cork` and `uncork`
 * leaves in one write of one string: on loopback that call is half of what a small message costs.
 */
export class TextFrames {
  readonly #stream: Duplex;
  #isCorked = false;
  /** Frames that wait for `uncork`, a byte in each character. */
  #joined = "";
  #written: (() => void)[] = [];

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** `written` is called when the text has been taken by the operating system; perhaps at once. */
  send(text: string, written?: () => void): void {
    const bytes = Buffer.byteLength(text);
    // As many bytes as UTF-16 units: all of it is ASCII, and its bytes are its characters.
    const isAscii = bytes === text.length;
    if (bytes > LONGEST_JOINED) {
      this.#writeJoined();
      this.#stream.cork();
      this.#stream.write(header(bytes), "latin1");
      this.#stream.write(text, isAscii ? "latin1" : "utf8");
      this.#stream.uncork();
    } else {
      this.#joined += header(bytes) + (isAscii ? text : Buffer.from(text).toString("latin1"));
    }
    if (written !== undefined) {
      this.#written.push(written);
    }
    if (!this.#isCorked) {
      this.#flush();
    }
  }

  cork(): void {
    this.#isCorked = true;
  }

  uncork(): void {
    this.#isCorked = false;
    this.#flush();
  }

  #flush(): void {
    this.#writeJoined();
    if (this.#written.length === 0) {
      return;
    }
    const written = this.#written;
    this.#written = [];
    const tell = () => {
      for (const one of written) {
        one();
      }
    };
    if (this.#stream.writableLength === 0) {
      tell();
    } else {
      // Nothing, behind what the system has not taken yet: it is written when that is.
      this.#stream.write("", "latin1", tell);
    }
  }

  #writeJoined(): void {
    if (this.#joined !== "") {
      const joined = this.#joined;
      this.#joined = "";
      this.#stream.write(joined, "latin1");
    }
  }
}

/** The frame's first bytes, a byte in each character. */
function header(payloadBytes: number): string {
  if (payloadBytes < 126) {
    return FINAL_TEXT + String.fromCharCode(payloadBytes);
  }
  if (payloadBytes < 0x1_0000) {
    return `${FINAL_TEXT}~${String.fromCharCode(payloadBytes >>> 8, payloadBytes & 0xff)}`;
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(payloadBytes));
  return `${FINAL_TEXT}\x7f${length.toString("latin1")}`;
}
