import "../support/sodium";

import { encode } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";

import { type Link, afterVerdict, deriveInvitation, formatLink, newCheckers, nextChecker, parseLink, verifyRegistration } from "../../src/protocol/invitation";
import type { DeviceId } from "../../src/protocol/keys";
import { hash, sign } from "../../src/protocol/primitives";
import { openLog } from "../../src/transparency/clinic_log";
import { activeSigning } from "../../src/transparency/roster";
import { type Admitted, Clinic, NOW } from "../support/written_clinic";
import { seededRandom } from "../support/random";
import { answerOf } from "../support/vectors";

const HOUR = 3_600_000;
const random = seededRandom(6);
const clinic = new Clinic(random);
const [ada, bob, gone] = [clinic.admit("agent"), clinic.admit("agent"), clinic.admit("agent")];
clinic.revoke(gone.keys.certificate.device);
const { roster } = openLog(clinic.statements, clinic.id);
const link: Link = { secret: random(16), clinic: clinic.id };
const idOf = ({ keys }: Admitted): DeviceId => keys.certificate.device;

function register(issuer: Admitted, checkers: readonly Admitted[], { id, token } = deriveInvitation(link)) {
  const tokenHash = hash("invitation-token-hash", token);
  const registration = encode(["SD1", clinic.id, id, tokenHash, idOf(issuer), checkers.map(idOf), NOW, NOW + 72 * HOUR]);
  return { registration, signature: sign(issuer.keys.signing.secret, "invitation", registration) };
}

const judge = (signed: ReturnType<typeof register>, now = NOW): string =>
  answerOf(() => void verifyRegistration(signed, link, (device) => activeSigning(roster, device), now));

describe("a registration is believed", () => {
  test("that an active device issued for the link, with active checkers", () => {
    expect(judge(register(ada, [ada, bob]))).toBe("ok");
  });

  test("not by a revoked issuer", () => {
    expect(judge(register(gone, [ada]))).toBe("invitation.invalid");
  });

  test("not with a revoked checker", () => {
    expect(judge(register(ada, [ada, gone]))).toBe("invitation.invalid");
  });

  test("not for another link, wholly or in part", () => {
    const [own, other] = [deriveInvitation(link), deriveInvitation({ ...link, secret: random(16) })];
    const attempts = [other, { ...own, id: other.id }, { ...own, token: other.token }];
    expect(attempts.map((secrets) => judge(register(ada, [ada], secrets)))).toEqual(attempts.map(() => "invitation.invalid"));
  });

  test("not in another's name", () => {
    const { registration } = register(ada, [ada]);
    expect(judge({ registration, signature: sign(bob.keys.signing.secret, "invitation", registration) })).toBe("invitation.invalid");
  });

  test("not after its time", () => {
    expect(judge(register(ada, [ada]), NOW + 72 * HOUR)).toBe("invitation.expired");
  });
});

test("a link is read with and without its hash sign", () => {
  expect([parseLink(`#${formatLink(link)}`), parseLink(formatLink(link))]).toEqual([link, link]);
});

describe("the checkers", () => {
  const registration = verifyRegistration(register(ada, [ada, bob]), link, (device) => activeSigning(roster, device), NOW);
  const fresh = newCheckers(registration);

  test("have five tries together", () => {
    expect(fresh.map(({ triesLeft }) => triesLeft)).toEqual([4, 1]);
  });

  test("are turned to in order, each until it has none left", () => {
    const once = afterVerdict(fresh, idOf(ada), "wrong", 3);
    const used = afterVerdict(once, idOf(ada), "wrong", 0);
    expect([nextChecker(fresh), nextChecker(once), nextChecker(used)]).toEqual([idOf(ada), idOf(ada), idOf(bob)]);
    expect(nextChecker(afterVerdict(used, idOf(bob), "refused", 0))).toBeUndefined();
  });

  test("cannot give tries that were not there", () => {
    const [first] = afterVerdict(fresh, idOf(ada), "wrong", 100);
    expect(first?.triesLeft).toBe(4);
  });
});
