import type { Engine } from "@tandem/engine";
import { NAMESPACE, Reader } from "./reader.ts";

/**
 * What is asked for with every request and changes rarely: read once, and again after a commit that touches what it was
 * read from. It is never older than the newest commit that this process has heard of.
 */
export class Kept<T> {
  readonly #engine: Pick<Engine, "snapshot" | "subscribe">;
  readonly #read: (reader: Reader) => Promise<T>;
  #value: Promise<T> | null = null;

  constructor(engine: Pick<Engine, "snapshot" | "subscribe">, read: (reader: Reader) => Promise<T>) {
    this.#engine = engine;
    this.#read = read;
  }

  get(): Promise<T> {
    this.#value ??= this.#load();
    return this.#value;
  }

  async #load(): Promise<T> {
    const snapshot = this.#engine.snapshot({ namespace: NAMESPACE });
    try {
      const value = await this.#read(new Reader(snapshot));
      this.#engine.subscribe(snapshot.reads, snapshot.at, () => {
        this.#value = null;
      });
      return value;
    } catch (error) {
      this.#value = null;
      throw error;
    }
  }
}
