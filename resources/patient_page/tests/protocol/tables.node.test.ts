/** The tables of docs/protocol.md against those of the code: what one has, the other has too. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { ERROR_CODES } from "../../src/protocol/errors";
import { LABELS } from "../../src/protocol/labels";

const specification = readFileSync(fileURLToPath(new URL("../../../../docs/protocol.md", import.meta.url)), "utf8");

/** What stands in backquotes in a section, from its heading to the next one of its rank. */
function quoted(section: number, where: RegExp): readonly string[] {
  const text = specification.split(/^## /m).find((part) => part.startsWith(`${section} `)) ?? "";
  const lines = text.split("\n").filter((line) => where.test(line));
  return lines.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? ""));
}

test("every label of section 20 is one of ours, and no other", () => {
  expect([...LABELS].toSorted()).toEqual(quoted(20, /·/).toSorted());
});

test("every code of section 19 is one of ours, and no other", () => {
  const codes = quoted(19, /^\| `/).filter((word) => /^[a-z]+\.[a-z-]+$/.test(word));
  expect([...ERROR_CODES].toSorted()).toEqual(codes.toSorted());
});
