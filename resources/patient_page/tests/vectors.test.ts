import { expect, test } from "vitest";

import { wycheproof } from "virtual:vectors";

test.skipIf(Object.keys(wycheproof).length === 0)("vectors made by others reach Node and the browser alike", () => {
  expect(wycheproof).toHaveProperty("x25519_test.algorithm", "XDH");
});
