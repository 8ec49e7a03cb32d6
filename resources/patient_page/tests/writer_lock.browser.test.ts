/** Tabs are played by locks of their own in one page: the browser tells them apart as it tells tabs. */
import { expect, test, vi } from "vitest";

import { WriterLock } from "../src/writer_lock";

interface Tab {
  readonly lock: WriterLock;
  readonly told: string[];
}

const open: Tab[] = [];
/** Longer than a tab is waited for that does not answer. Nobody here has to sit through it. */
const LONG = 10_000;

vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });

function tab(stop: () => Promise<void> = async () => Promise.resolve()): Tab {
  const told: string[] = [];
  const lock = new WriterLock({
    waiting: () => told.push("waiting"),
    stop: async () => {
      told.push("stop");
      await stop();
    },
    resume: () => told.push("resume"),
  });
  lock.acquire().then(() => told.push("writes"), () => told.push("failed"));
  open.push({ lock, told });
  return { lock, told };
}

test("one tab writes; the next waits, takes over, and gives it back", async () => {
  const first = tab();
  await expect.poll(() => first.told).toEqual(["writes"]);
  const second = tab();
  await expect.poll(() => second.told).toEqual(["waiting"]);
  second.lock.takeOver();
  await expect.poll(() => second.told).toEqual(["waiting", "writes"]);
  expect(first.told).toEqual(["writes", "stop"]);
  first.lock.takeOver();
  await expect.poll(() => first.told).toEqual(["writes", "stop", "resume"]);
  expect(second.told).toEqual(["waiting", "writes", "stop"]);
  // Nobody comes back for what was taken from them again.
  vi.advanceTimersByTime(LONG);
  // Of several that wait it is the one that was pressed, not the one that waits longest.
  const third = tab();
  await expect.poll(() => third.told).toEqual(["waiting"]);
  third.lock.takeOver();
  await expect.poll(() => third.told).toEqual(["waiting", "writes"]);
  await expect.poll(() => first.told).toEqual(["writes", "stop", "resume", "stop"]);
  expect(second.told).toEqual(["waiting", "writes", "stop"]);
});

test("a tab that does not answer is not waited for", async () => {
  const writing = open.find(({ told }) => told.at(-1) === "writes");
  expect(writing).toBeDefined();
  // It holds the lock, and is told nothing: as a tab that the telephone has frozen.
  const frozen = new Promise<void>(() => undefined);
  const stuck = tab(() => frozen);
  stuck.lock.takeOver();
  await expect.poll(() => stuck.told).toEqual(["waiting", "writes"]);
  const next = tab();
  await expect.poll(() => next.told).toEqual(["waiting"]);
  next.lock.takeOver();
  await expect.poll(() => stuck.told.at(-1)).toBe("stop");
  vi.advanceTimersByTime(LONG);
  await expect.poll(() => next.told).toEqual(["waiting", "writes"]);
});
