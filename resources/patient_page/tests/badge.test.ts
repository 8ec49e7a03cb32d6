import { describe, expect, test } from "vitest";

import { Unread, newsOf, titled } from "../src/badge";
import type { MessageView, RowView } from "../src/transcript";

const row = (key: string, more: Partial<MessageView> = {}): MessageView => ({
  kind: "text",
  key,
  mine: false,
  author: "Ana",
  time: 0,
  text: "planted",
  file: null,
  delivery: "received",
  forked: false,
  ...more,
});
const GAP: RowView = { kind: "gap", key: "gap", count: 1 };
const EARLIER: RowView = { kind: "mark", key: "earlier", mark: "earlier" };

describe("what counts as news", () => {
  test.for([
    ["a text and a file of the clinic", [row("1"), row("2", { kind: "file" })], ["1", "2"]],
    ["not what the patient wrote, what was deleted, a gap", [row("1", { mine: true }), row("2", { kind: "deleted" }), GAP], []],
    ["not what was said on an earlier device", [row("1"), EARLIER, row("2")], ["2"]],
  ] as const)("%s", ([, rows, keys]) => {
    expect(newsOf(rows).map(({ key }) => key)).toEqual(keys);
  });
});

describe("unread", () => {
  test("what lay there when the page was opened is none, not even in the background", () => {
    const unread = new Unread();
    expect(unread.count([row("1")], true)).toBe(0);
    expect(unread.count([row("1"), row("2")], true)).toBe(1);
  });

  test("grows while nobody looks, and is gone when seen", () => {
    const unread = new Unread();
    const rows = [row("1"), row("2"), row("3")];
    expect(unread.count(rows.slice(0, 1), false)).toBe(0);
    expect(unread.count(rows.slice(0, 2), true)).toBe(1);
    expect(unread.count(rows, true)).toBe(2);
    expect(unread.count(rows, false)).toBe(0);
    expect(unread.count(rows, true)).toBe(0);
  });

  test("what was seen stays seen, also when the rows were away for a while", () => {
    const unread = new Unread();
    unread.count([row("1")], false);
    unread.count([], false);
    expect(unread.count([row("1")], true)).toBe(0);
  });

  test("a message that was deleted before anybody saw it is unread no more", () => {
    const unread = new Unread();
    unread.count([], true);
    expect(unread.count([row("1")], true)).toBe(1);
    expect(unread.count([row("1", { kind: "deleted", text: "" })], true)).toBe(0);
  });
});

test("the title has a number and nothing else beside its own words", () => {
  expect([0, 1, 12].map((count) => titled("Secure chat", count))).toEqual(["Secure chat", "(1) Secure chat", "(12) Secure chat"]);
});
