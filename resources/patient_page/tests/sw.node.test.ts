/** The service worker as it is built, run with a scope that offers what it may use, and nothing else. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";

import { beforeAll, expect, test, vi } from "vitest";

import { buildPage } from "../build.mjs";

const SCOPE = "https://chat.example/clinic/";
let script: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "sealdesk-worker-"));
  await buildPage(folder);
  script = await readFile(join(folder, "sw.js"), "utf8");
  await rm(folder, { recursive: true });
});

function started(search: string, tabs: readonly string[] = []) {
  const listeners = new Map<string, (event: object) => void>();
  const show = vi.fn<(title: string, options: object) => Promise<void>>();
  const openWindow = vi.fn<(url: string) => Promise<void>>();
  const focused: string[] = [];
  const matchAll = async () => Promise.resolve(tabs.map((url) => ({ url, focus: async () => Promise.resolve(focused.push(url)) })));
  runInContext(
    script,
    createContext({
      location: { search },
      registration: { scope: SCOPE, showNotification: show },
      clients: { matchAll, openWindow },
      addEventListener: (kind: string, listener: (event: object) => void) => listeners.set(kind, listener),
    }),
  );
  const fire = async (kind: string, event: object): Promise<void> => {
    const work: Promise<unknown>[] = [];
    listeners.get(kind)?.({ ...event, waitUntil: (one: Promise<unknown>) => work.push(one) });
    await Promise.all(work);
  };
  return { listeners, show, openWindow, focused, fire };
}

test("hears two events and no others: it stands between nothing", () => {
  expect([...started("?en").listeners.keys()].toSorted()).toEqual(["notificationclick", "push"]);
});

test.for([
  ["?en", "There may be something new in your secure chat", "en"],
  ["?es", "Puede que haya algo nuevo en su chat seguro", "es"],
  ["", "There may be something new in your secure chat", "en"],
  ["?<b>planted", "There may be something new in your secure chat", "en"],
] as const)("registered with %j it says %j, whatever a push carries", async ([search, sentence, lang]) => {
  const { show, fire } = started(search);
  await fire("push", { data: { text: () => "planted", json: () => ({ title: "planted" }) } });
  expect(show.mock.calls).toEqual([[sentence, { tag: "sealdesk", lang }]]);
});

test("a tap brings the page to the front", async () => {
  const { fire, focused, openWindow } = started("?en", ["https://chat.example/other/", `${SCOPE}?a`]);
  const close = vi.fn<() => void>();
  await fire("notificationclick", { notification: { close } });
  expect(close).toHaveBeenCalledOnce();
  expect(focused).toEqual([`${SCOPE}?a`]);
  expect(openWindow).not.toHaveBeenCalled();
});

test("a tap opens the page where it is closed", async () => {
  const { fire, focused, openWindow } = started("?en", ["https://chat.example/other/"]);
  await fire("notificationclick", { notification: { close: vi.fn<() => void>() } });
  expect(focused).toEqual([]);
  expect(openWindow.mock.calls).toEqual([[SCOPE]]);
});
