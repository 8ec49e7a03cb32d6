import { expect, test } from "vitest";

import { topics } from "../support/vectors";

const PROTOCOL = [
  "accepted",
  "attachment",
  "body",
  "certificate",
  "content",
  "conversation",
  "delivery-hash",
  "dh",
  "earlier",
  "encoding",
  "frame",
  "invitation-link",
  "invitation-proof",
  "merkle",
  "opening",
  "padme",
  "permission",
  "pqxdh",
  "prekey",
  "prekey-bundle",
  "ratchet",
  "ratchet-kdf",
  "receipt",
  "registration",
  "safety-number",
  "seal",
  "session",
  "signal",
  "signal-age",
  "signal-permission",
  "signature",
  "slot",
  "slot-plaintext",
  "stream",
];
const TRANSPARENCY = ["checkpoint", "cosignature", "fingerprint", "freshness", "head", "note", "opening-hours", "page-config", "roster", "wall-time"];
/** What only the desk, the auditor or the administrator does, so that a patient's page does not have it. */
const NOT_THE_PAGES = ["audit", "bundle", "enrolment", "enrolment-waiting", "place", "tries"];

test("no topic of the shared vectors is overlooked, and none is gone", () => {
  expect([...topics].toSorted()).toEqual([...PROTOCOL, ...TRANSPARENCY, ...NOT_THE_PAGES].toSorted());
});
