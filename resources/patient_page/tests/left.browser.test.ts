import { afterEach, expect, test } from "vitest";

import { leave, takeFragment } from "../src/arrival";

const [WHOLE, before] = ["#" + "A".repeat(66), location.href];

afterEach(() => history.replaceState(null, "", before));

test("what came by the address bar is gone from it at once, and is not kept beside it", () => {
  history.replaceState(null, "", WHOLE);
  expect(takeFragment()).toEqual({ fragment: WHOLE, pressed: false });
  expect([location.hash, history.state]).toEqual(["", null]);
});

test("a reload finds what was left, until it is forgotten; a new link goes before it", () => {
  leave({ fragment: WHOLE, pressed: true });
  expect(location.href).toBe(before);
  expect(takeFragment()).toEqual({ fragment: WHOLE, pressed: true });
  expect(takeFragment()).toEqual({ fragment: WHOLE, pressed: true });
  history.replaceState(history.state, "", "#new");
  expect(takeFragment()).toEqual({ fragment: "#new", pressed: false });
  leave({ fragment: WHOLE, pressed: true });
  leave(undefined);
  expect(takeFragment()).toEqual({ fragment: "", pressed: false });
});

test("of a fragment without end no more is left than shows that it is damaged", () => {
  leave({ fragment: WHOLE.repeat(1_000), pressed: false });
  expect(takeFragment().fragment).toHaveLength(68);
});

test.for([7, "state", [], { fragment: 7, pressed: true }, { fragment: WHOLE }, { pressed: true }])("%j beside the page is nothing of its own", (state) => {
  history.replaceState(state, "");
  expect(takeFragment()).toEqual({ fragment: "", pressed: false });
});
