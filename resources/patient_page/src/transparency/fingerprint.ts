/** docs/protocol.md section 14.1: how people compare a clinic's fingerprint. */
import type { ClinicId } from "../protocol/keys";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const COMPARED_BYTES = 25;

/** `abcd efgh ...`: ten groups of four. */
export function fingerprintText(clinic: ClinicId): string {
  const bits = Array.from(clinic.subarray(0, COMPARED_BYTES), (byte) => byte.toString(2).padStart(8, "0")).join("");
  const letters = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET.charAt(Number.parseInt(five, 2)));
  return (letters.join("").match(/.{4}/g) ?? []).join(" ");
}
