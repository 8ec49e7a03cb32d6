import { expect, test } from "vitest";

import type { EventOf } from "../src/protocol/content";
import { saveCopy } from "../src/saved_copy";
import { INITIAL, type View } from "../src/screen";
import type { MessageView } from "../src/transcript";

const HOSTILE = `"><script>x</script>'&`;
const ESCAPED = "&quot;&gt;&lt;script&gt;x&lt;/script&gt;&#39;&amp;";
const NAME = "___script_x__script_&#39;&amp;";
const NOW = 1_790_000_000_000;

const message = (more: Partial<MessageView>): MessageView => ({
  kind: "text", key: "1", mine: false, author: HOSTILE, time: NOW, text: HOSTILE, file: null, delivery: "received", forked: true, ...more,
});
const file = { kind: "file", name: HOSTILE, mediaType: HOSTILE, size: 3, caption: "" } as unknown as EventOf<"file">;
const view: View = {
  ...INITIAL,
  clinic: HOSTILE,
  rows: [
    { kind: "gap", key: "2", count: 2 },
    { kind: "joined", key: "3", author: HOSTILE, time: NOW },
    message({}),
    message({ kind: "file", file, key: "4" }),
    message({ kind: "deleted", text: "", key: "5" }),
  ],
};

test("no name, text or file name of anybody's becomes a tag or an attribute", async () => {
  const { blob, missing } = await saveCopy(view, async () => Promise.resolve(Uint8Array.of(1, 2, 3)), NOW);
  const html = await blob.text();
  expect(html).not.toContain("<script");
  expect(html.split(ESCAPED).length - 1).toBe(8);
  expect(html).toContain(`<a download="${NAME}"`);
  expect(html).toContain('href="data:application/octet-stream;base64,AQID"');
  expect(html).toContain("2 messages are missing here");
  expect(html).toContain("This message was deleted.");
  expect(missing).toBe(0);
});

test("what could not be loaded is told in its place, and counted", async () => {
  const { blob, missing } = await saveCopy(view, async () => Promise.reject(new Error("no network")), NOW);
  expect(await blob.text()).toContain(`${NAME}: could not be loaded when this was saved.`);
  expect(missing).toBe(1);
});
