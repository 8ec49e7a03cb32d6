import "./support/sodium";

import { expect, test } from "vitest";

import { isInApp, readFragment } from "../src/arrival";
import { formatLink } from "../src/protocol/invitation";
import type { ClinicId } from "../src/protocol/keys";

const link = { secret: new Uint8Array(16).fill(5), clinic: new Uint8Array(32).fill(6) as ClinicId };
const whole = formatLink(link);

test("a whole link invites", () => {
  expect(readFragment(`#${whole}`)).toEqual({ kind: "invited", link });
});

test("no fragment is a visitor", () => {
  expect(readFragment("")).toEqual({ kind: "visitor" });
  expect(readFragment("#")).toEqual({ kind: "visitor" });
});

test.for(Array.from({ length: 65 }, (_, i) => i + 1))("a link of which %i characters arrived is cut", (length) => {
  expect(readFragment(`#${whole.slice(0, length)}`)).toEqual({ kind: "wrong", problem: "link-cut" });
});

test.for([`${whole}${whole}`, `${whole}%20`, `${whole}.`, `!${whole.slice(1)}`, `Ag${whole.slice(2)}`, "<img src=x>"])("%s is damaged", (fragment) => {
  expect(readFragment(`#${fragment}`)).toEqual({ kind: "wrong", problem: "link-damaged" });
});

test.for([
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", false],
  ["Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", false],
  ["Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36", true],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 300.0.0", true],
  ["Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/450.0]", true],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", true],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1", false],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Twitter for iPhone/10.0", true],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", false],
  ["Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0", false],
] as const)("a browser that says %s is inside another app: %s", ([agent, inside]) => {
  expect(isInApp(agent)).toBe(inside);
});

test("a page on an iPhone's home screen is in no other app", () => {
  expect(isInApp("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", true)).toBe(false);
});
