/** Two devices with prekeys, a lossy wire between them, and a store that is written and read anew at will. */
import { decodeDevice, encodeDevice } from "../../src/protocol/keys";
import type { ClinicId, DeviceKeys, MessageId, StreamId } from "../../src/protocol/keys";
import { type Prekeys, decodePrekeys, encodePrekeys, openBundle } from "../../src/protocol/prekeys";
import type { Random } from "../../src/protocol/primitives";
import { type Opened, type Peer, beginSession, decodePeer, encodePeer, newPeer, openSlot, sealSlot, sendingSession } from "../../src/protocol/session";
import { type Published, bundleOf, newDevice, publish } from "./devices";

export const CLINIC = new Uint8Array(32).fill(7) as ClinicId;
export const NOW = 1_790_000_000_000;

export type Who = "a" | "b";
export const otherOf = (who: Who): Who => (who === "a" ? "b" : "a");

/** What a slot carries in these tests: its number, twice over. */
export interface Sent {
  readonly number: number;
  readonly slot: Uint8Array;
}

interface Place {
  device: DeviceKeys;
  peer: Peer;
  prekeys: Prekeys;
  given: number;
}

const numbered = (number: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
};

const placeOf = (device: DeviceKeys, { prekeys }: Published, other: DeviceKeys): Place => ({
  device,
  peer: newPeer(other.certificate),
  prekeys,
  given: 0,
});

export class Pair {
  readonly #places: Record<Who, Place>;
  readonly #published: Record<Who, Published>;
  readonly #random: Random;
  #sent = 0;
  now = NOW;

  constructor(random: Random) {
    this.#random = random;
    const [a, b] = [newDevice("agent", CLINIC, random, NOW), newDevice("patient", CLINIC, random, NOW)];
    this.#published = { a: publish(a, random, NOW), b: publish(b, random, NOW) };
    this.#places = { a: placeOf(a, this.#published.a, b), b: placeOf(b, this.#published.b, a) };
  }

  /** The whole state of one side, to compare. */
  state(who: Who): Uint8Array {
    return encodePeer(this.#places[who].peer);
  }

  peer(who: Who): Peer {
    return this.#places[who].peer;
  }

  begin(who: Who): void {
    const place = this.#places[who];
    const other = this.#places[otherOf(who)];
    const bundle = openBundle(bundleOf(this.#published[otherOf(who)], other.given), place.peer.certificate, this.now);
    other.given += 1;
    place.peer = beginSession(place.peer, place.device, bundle, this.#random, this.now);
  }

  send(who: Who): Sent {
    const place = this.#places[who];
    if (sendingSession(place.peer) === undefined) this.begin(who);
    this.#sent += 1;
    const secret = {
      messageKey: numbered(this.#sent, 32),
      bodyHash: numbered(this.#sent, 32),
      stream: numbered(this.#sent, 32) as StreamId,
      message: numbered(this.#sent, 16) as MessageId,
    };
    const { peer, prekeys, slot } = sealSlot(place.peer, place.device, place.prekeys, secret, null, this.#random, this.now);
    Object.assign(place, { peer, prekeys });
    return { number: this.#sent, slot };
  }

  /** The number that a slot carries; throws where it is refused, and then has changed nothing. */
  receive(who: Who, slot: Uint8Array): number {
    const place = this.#places[who];
    const { peer, prekeys, content }: Opened = openSlot(place.peer, place.device, place.prekeys, slot, this.#random, this.now);
    Object.assign(place, { peer, prekeys });
    return new DataView(content.messageKey.buffer, content.messageKey.byteOffset).getUint32(0);
  }

  /** As when the page is closed and opened again: all that is left is what was written. */
  restart(who: Who): void {
    const place = this.#places[who];
    place.device = decodeDevice(encodeDevice(place.device));
    place.peer = decodePeer(encodePeer(place.peer));
    place.prekeys = decodePrekeys(encodePrekeys(place.prekeys));
  }
}
