/** A clinic whose log a test writes itself: statements encoded by the library, not by the code under test. */
import { encode } from "@msgpack/msgpack";

import { EMPTY, toHex } from "../../src/protocol/encoding";
import { type ClinicId, type DeviceId, type DeviceKeys, certify } from "../../src/protocol/keys";
import { EMPTY_TREE, type Frontier, grow, leafHash, rootHash } from "../../src/protocol/merkle";
import { type Random, agreementPair, hash, kemPair, sign, signingPair } from "../../src/protocol/primitives";
import type { Role } from "../../src/protocol/content";

export const NOW = 1_790_000_000_000;

export interface Admitted {
  readonly keys: DeviceKeys;
  readonly name: string;
  readonly salt: Uint8Array;
}

export class Clinic {
  readonly statements: Uint8Array[] = [];
  readonly #random: Random;
  readonly #administrator: Uint8Array;
  #tree: Frontier = EMPTY_TREE;
  #id: Uint8Array = EMPTY;

  constructor(random: Random) {
    this.#random = random;
    this.#administrator = random(32);
    const cosigning = signingPair(random(32)).public;
    const administrators = [[signingPair(this.#administrator).public, cosigning, random(16)]];
    const relay = [signingPair(random(32)).public, "https://relay.example"];
    const recipient = [agreementPair(random(32)).public, kemPair(random(64)).public];
    const payload = this.add(["charter", "Clínica", "America/Denver", administrators, 1, relay, recipient, [120, 0, true, true, 48, 72]]);
    this.#id = hash("clinic", payload);
  }

  get id(): ClinicId {
    return this.#id as ClinicId;
  }

  /** Signs the next statement; gives its payload. */
  add(action: readonly unknown[]): Uint8Array {
    const payload = encode(["SD1", this.#id, this.#tree.size, rootHash(this.#tree), NOW, action]);
    const signature = sign(this.#administrator, "statement", payload);
    const statement = encode([payload, [[signingPair(this.#administrator).public, signature]]]);
    this.statements.push(statement);
    this.#tree = grow(this.#tree, leafHash(statement));
    return payload;
  }

  admit(role: Role, name = role as string): Admitted {
    const secrets = { signing: this.#random(32), identity: this.#random(32), mailbox: this.#random(32), cosigning: EMPTY };
    const keys = certify(secrets, this.id, "agent", NOW);
    const salt = this.#random(32);
    this.add(["device", keys.certificate.bytes, this.#random(16), role, hash("name", salt, name)]);
    return { keys, name, salt };
  }

  revoke(device: DeviceId): void {
    this.add(["revoke", device, "left"]);
  }

  get head(): { readonly size: number; readonly root: Uint8Array } {
    return { size: this.#tree.size, root: rootHash(this.#tree) };
  }
}

export const hexOf = ({ keys }: Admitted): string => toHex(keys.certificate.device);
