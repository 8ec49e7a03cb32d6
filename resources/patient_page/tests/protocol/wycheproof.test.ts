/**
 * Wycheproof, for every primitive that the page uses. Without its folder these tests cannot run, and say so; in CI, where
 * SEALDESK_REQUIRE_WYCHEPROOF=1 is set, the configuration fails before they are reached.
 */
import "../support/sodium";

import { describe, expect, test } from "vitest";

import { wycheproof } from "virtual:vectors";

import { concat, sameBytes, toHex } from "../../src/protocol/encoding";
import { ProtocolError } from "../../src/protocol/errors";
import { decapsulate, dh, encapsulate, hkdfSha512, hmacSha256, kemPair, open, seal, verifyBytes } from "../../src/protocol/primitives";
import { fixedRandom } from "../support/random";
import { Fields } from "../support/vectors";

const isHere = Object.keys(wycheproof).length > 0;
if (!isHere) {
  // oxlint-disable-next-line no-console
  console.warn("Wycheproof's vectors are not here: set WYCHEPROOF_DIR to the folder that holds them to run these tests.");
}

interface Case {
  readonly group: Fields;
  readonly one: Fields;
}

/** Runs all cases of a file; `holds` says whether the primitive agrees with a valid case, or refuses an invalid one. */
function testFile(file: string, holds: (one: Fields, group: Fields, valid: boolean) => boolean): void {
  describe.skipIf(!isHere)(`Wycheproof ${file}`, () => {
    test("every case", () => {
      const groups = new Fields(wycheproof[file]).fieldsList("testGroups");
      const cases: readonly Case[] = groups.flatMap((group) => group.fieldsList("tests").map((one) => ({ group, one })));
      const wrong = cases.filter(({ group, one }) => !holds(one, group, one.text("result") !== "invalid"));
      expect(wrong.map(({ one }) => `${one.integer("tcId")}: ${one.text("comment")}`)).toEqual([]);
      expect(cases).not.toHaveLength(0);
    });
  });
}

const isHex = (bytes: Uint8Array | undefined, hex: string): boolean => bytes !== undefined && toHex(bytes) === hex;

function refused<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "key.invalid") return undefined;
    throw error;
  }
}

testFile("ed25519_test", (one, group, valid) => {
  const key = group.fields("publicKey").bytes("pk");
  return verifyBytes(key, one.bytes("sig"), one.bytes("msg")) === valid;
});

// "acceptable" are points of small order and those that are not canonical: this page refuses every one of them, and
// whatever else it computes is what is expected.
testFile("x25519_test", (one) => {
  const shared = refused(() => dh(one.bytes("private"), one.bytes("public")));
  return shared === undefined ? one.text("result") === "acceptable" : toHex(shared) === one.text("shared");
});

testFile("hkdf_sha512_test", (one, _, valid) => {
  const tooLong = one.integer("size") > 255 * 64;
  if (tooLong || !valid) return tooLong !== valid;
  return isHex(hkdfSha512(one.bytes("ikm"), one.bytes("salt"), one.bytes("info"), one.integer("size")), one.text("okm"));
});

testFile("hmac_sha256_test", (one, group, valid) => {
  const tag = hmacSha256(one.bytes("key"), one.bytes("msg")).subarray(0, group.integer("tagSize") / 8);
  return sameBytes(tag, one.bytes("tag")) === valid;
});

testFile("xchacha20_poly1305_test", (one, group, valid) => {
  // Nonces of another length cannot come up: `Seal` draws 24 bytes, and `Open` takes the first 24.
  if (group.integer("ivSize") !== 192) return !valid;
  const [key, nonce, associated] = [one.bytes("key"), one.bytes("iv"), one.bytes("aad")];
  const sealed = concat(nonce, one.bytes("ct"), one.bytes("tag"));
  const opened = open(key, associated, sealed);
  if (!valid) return opened === undefined;
  return isHex(opened, one.text("msg")) && isHex(seal(key, associated, one.bytes("msg"), fixedRandom(nonce).random), toHex(sealed));
});

testFile("mlkem_768_keygen_seed_test", (one) => isHex(kemPair(one.bytes("seed")).public, one.text("ek")));

testFile("mlkem_768_test", (one, _, valid) => {
  const [seed, ciphertext] = [one.bytes("seed"), one.bytes("c")];
  const secret = refused(() => (seed.length === 64 ? decapsulate(seed, ciphertext) : undefined));
  if (!valid) return secret === undefined;
  return isHex(kemPair(seed).public, one.text("ek")) && isHex(secret, one.text("K"));
});

testFile("mlkem_768_encaps_test", (one, _, valid) => {
  const made = refused(() => encapsulate(one.bytes("ek"), fixedRandom(one.bytes("m")).random));
  if (!valid) return made === undefined;
  return isHex(made?.ciphertext, one.text("c")) && isHex(made?.secret, one.text("K"));
});
