import { expect, test } from "vitest";

import { ProtocolError } from "../src/protocol/errors";
import { Busy, Refused, Unreachable } from "../src/relay";
import { problemOf } from "../src/screen";
import { VaultError } from "../src/storage";
import { Nonsense } from "../src/wire";

test.for([
  [new Refused(410, "invitation-invalid"), "link-used"],
  [new Refused(403, "revoked"), "closed"],
  [new Refused(403, "mailbox-unbound"), "closed"],
  [new Refused(409, "log-stale"), "busy"],
  [new Refused(409, "log-forked"), "log.forked"],
  [new Refused(409, "log-ahead"), "log.rolled-back"],
  // Whoever set the page up named a relay that knows itself by another name, or has never heard of the clinic.
  [new Refused(403, "proof-invalid"), "config"],
  [new Refused(404, "not-found"), "config"],
  [new Refused(400, ""), "config"],
  [new Busy(1), "busy"],
  [new Refused(403, "intake-closed"), "intake-closed"],
  [new Unreachable(""), "unreachable"],
  [new Nonsense(""), "unreachable"],
  [new VaultError("denied"), "storage-denied"],
  [new VaultError("full"), "storage-full"],
  [new VaultError("not-erased"), "not-erased"],
  [new ProtocolError("invitation.expired"), "link-expired"],
  [new ProtocolError("statement.refused"), "config"],
  [new TypeError("a bug"), "fault"],
] as const)("%s is told as %s", ([error, problem]) => {
  expect(problemOf(error)).toBe(problem);
});
