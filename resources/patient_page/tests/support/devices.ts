/** Devices and prekeys of the vectors, and of tests that need some of their own. */
import { EMPTY } from "../../src/protocol/encoding";
import { type ClinicId, type DeviceKeys, type DeviceKind, certify, openCertificate } from "../../src/protocol/keys";
import { type BundleBytes, NO_PREKEYS, type OwnPrekey, type Prekeys, type Stock, openPrekey, refillPrekeys } from "../../src/protocol/prekeys";
import { type Random, agreementPair, signingPair } from "../../src/protocol/primitives";
import type { Fields } from "./vectors";

/** A device as vectors write it: seeds, secret, certificate. */
export const deviceOf = (fields: Fields): DeviceKeys => ({
  signing: signingPair(fields.bytes("signing_seed")),
  identity: agreementPair(fields.bytes("identity_secret")),
  mailbox: signingPair(fields.bytes("mailbox_seed")),
  certificate: openCertificate(fields.bytes("certificate")),
});

/** A prekey with its secret, as vectors write it, at a time when it is valid. */
export function ownPrekeyOf(fields: Fields, owner: DeviceKeys, now: number, offered = false): OwnPrekey {
  const kinds = ["signed", "one-time", "kem-last", "kem-once"] as const;
  const prekey = openPrekey(fields.bytes("prekey"), owner.certificate, kinds, now);
  return { ...prekey, secret: fields.bytes("secret"), offered };
}

export function newDevice(kind: DeviceKind, clinic: ClinicId, random: Random, now: number): DeviceKeys {
  return certify({ signing: random(32), identity: random(32), mailbox: random(32), cosigning: EMPTY }, clinic, kind, now);
}

/** A device that has published prekeys, and the bundle that the relay would hand out. */
export interface Published {
  readonly device: DeviceKeys;
  readonly prekeys: Prekeys;
}

const FULL: Stock = { oneTime: 0, kemOnce: 0 };

export const publish = (device: DeviceKeys, random: Random, now: number): Published => ({
  device,
  prekeys: refillPrekeys(NO_PREKEYS, device, FULL, random, now).prekeys,
});

/** The next bundle of one-time keys that nobody has been handed yet; `given` counts from 0. */
export function bundleOf({ device, prekeys }: Published, given: number): BundleBytes {
  const nth = (kind: OwnPrekey["kind"], n: number): Uint8Array | null => prekeys.own.filter((own) => own.kind === kind)[n]?.bytes ?? null;
  const signed = nth("signed", 0);
  const kem = nth("kem-once", given) ?? nth("kem-last", 0);
  if (signed === null || kem === null) throw new Error("nothing was published");
  return { certificate: device.certificate.bytes, signed, kem, oneTime: nth("one-time", given) };
}
