import { expect, test } from "vitest";
import { SimulatedDisk } from "./disk.ts";
import { Process, settled, World } from "./world.ts";

const batch = (ts: number) => [
  {
    ts,
    documents: [
      { tableId: 1, id: `${ts}`, document: { id: `${ts}`, json: `{"text":"${"x".repeat(400)}"}`, size: 9 } },
    ],
    indexEntries: [],
    touched: [],
    changesCatalog: false,
  },
];

test("what comes back after a crash is a prefix of the batches that holds every acknowledged one", async () => {
  const fates = { torn: 0, lost: 0, writtenUnacknowledged: 0 };
  for (let seed = 1; seed <= 300; seed++) {
    const world = new World(seed);
    const disk = new SimulatedDisk(world);
    disk.faults = { full: 0, lateReads: 0, longestWrite: 4 };
    const process = new Process(world);
    const store = disk.open(process);
    let acknowledged = 0;
    const write = async () => {
      for (let ts = 1; ts <= 5; ts++) {
        await store.append(ts - 1, batch(ts));
        acknowledged = ts;
      }
    };
    void write();
    for (let steps = world.random.integer(15); steps > 0; steps--) await world.step();
    process.kill();
    disk.crash();
    const known = acknowledged;
    await settled();
    const found = disk.commits.map(({ ts }) => ts);
    expect(found).toEqual(found.map((_, i) => i + 1));
    expect(found.length).toBeGreaterThanOrEqual(known);
    expect(found.length).toBeLessThanOrEqual(known + 1);
    for (const fate of Object.keys(fates) as (keyof typeof fates)[]) fates[fate] += disk.counts[fate];
  }
  for (const count of Object.values(fates)) expect(count).toBeGreaterThan(10);
});

test("a dead process hears nothing more", async () => {
  const world = new World(1);
  const process = new Process(world);
  let heard = 0;
  void process.pause().then(() => heard++);
  process.timers.setTimeout(() => heard++, 1);
  process.kill();
  process.timers.setImmediate(() => heard++);
  expect(await world.step()).toBe(false);
  expect(heard).toBe(0);
});
