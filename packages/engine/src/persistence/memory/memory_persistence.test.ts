import { describe, expect, test } from "vitest";
import type { Commit } from "../../log/commit.ts";
import { BEGINNING } from "../../timestamp.ts";
import { NaiveStore, TABLE } from "../contract_model.ts";
import { persistenceContract } from "../persistence.contract.ts";
import type { Persistence } from "../persistence.ts";
import { type Disk, MemoryMedium } from "./memory_persistence.ts";

persistenceContract("memory", async () => {
  const medium = new MemoryMedium();
  const handles: Persistence[] = [];
  const open = async () => {
    const handle = medium.open();
    handles.push(handle);
    return handle;
  };
  const close = async () => {
    for (const handle of handles.splice(0)) await handle.close();
  };
  return {
    persistence: await open(),
    second: open,
    reopen: () => close().then(open),
    destroy: close,
  };
});

/** A disk whose writes end when the test says so. */
class HeldDisk implements Disk {
  readonly held: { commits: readonly Commit[]; succeed: () => void; fail: (error: Error) => void }[] = [];

  write(commits: readonly Commit[]): Promise<void> {
    return new Promise((succeed, fail) => this.held.push({ commits, succeed, fail }));
  }
}

describe("a memory store on a simulated disk", () => {
  test("shows a batch to nobody before the disk has it", async () => {
    const disk = new HeldDisk();
    const store = new MemoryMedium().open(disk);
    const appended = store.append(BEGINNING, [new NaiveStore().commit(5, { a: 1 })]);
    await Promise.resolve();
    expect(store.head()).toBe(BEGINNING);
    expect(store.get(TABLE, "a", 5)).toBeNull();
    disk.held[0]!.succeed();
    expect(await appended).toEqual({ appended: true });
    expect(store.head()).toBe(5);
  });

  test("has nothing of a batch that the disk refused, and takes the next", async () => {
    const disk = new HeldDisk();
    const store = new MemoryMedium().open(disk);
    const model = new NaiveStore();
    const refused = store.append(BEGINNING, [model.commit(5, { a: 1 }), model.commit(6, { b: 1 })]);
    const next = store.append(BEGINNING, [new NaiveStore().commit(7, { c: 1 })]);
    disk.held[0]!.fail(new Error("The disk is full."));
    await expect(refused).rejects.toThrow("The disk is full.");
    while (disk.held.length < 2) await Promise.resolve();
    disk.held[1]!.succeed();
    expect(await next).toEqual({ appended: true });
    expect(store.get(TABLE, "a", 7)).toBeNull();
    expect(store.head()).toBe(7);
  });

  for (const inFlight of ["written", "lost"] as const) {
    test(`holds whole batches only after a crash in which the one in flight is ${inFlight}`, async () => {
      const disk = new HeldDisk();
      const medium = new MemoryMedium();
      const store = medium.open(disk);
      const model = new NaiveStore();
      const first = store.append(BEGINNING, [model.commit(1, { a: 1 })]);
      disk.held[0]!.succeed();
      await first;
      let settled = 0;
      const count = () => {
        settled++;
      };
      store.append(1, [model.commit(2, { b: 1 }), model.commit(3, { c: 1 })]).then(count, count);
      store.append(3, [model.commit(4, { d: 1 })]).then(count, count);
      while (disk.held.length < 2) await Promise.resolve();
      medium.crash({ inFlight });
      disk.held[1]!.succeed();
      const reopened = medium.open();
      const head = inFlight === "written" ? 3 : 1;
      expect(reopened.head()).toBe(head);
      expect(await reopened.append(head, [new NaiveStore().commit(9, { z: 1 })])).toEqual({ appended: true });
      expect(await reopened.tail(BEGINNING, 10)).toHaveLength(inFlight === "written" ? 4 : 2);
      expect(settled).toBe(0);
      expect(() => store.head()).toThrow("crash");
    });
  }
});
