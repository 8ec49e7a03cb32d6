/** C2SP checkpoints (https://c2sp.org/tlog-checkpoint), as section 14.4 of docs/protocol.md names them. */
import { type Bytes, toBase64, toHex } from "../protocol/encoding";
import type { ClinicId } from "../protocol/keys";
import { HASH } from "../protocol/primitives";
import { type Note, type NoteKey, invalidNote, noteBase64 } from "./note";

/** A tree's head by name. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
}

export const clinicOrigin = (clinic: ClinicId): string => `sealdesk/clinic/${toHex(clinic)}`;
export const relayKey = (key: Bytes): NoteKey => ({ name: "sealdesk/relay", public: key, type: "ed25519" });
export const cosignerKey = (key: Bytes): NoteKey => ({ name: `sealdesk/cosigner/${toHex(key)}`, public: key, type: "cosignature" });

export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${toBase64(root)}\n`;

/** The checkpoint of the log `origin` in a note's text. Extension lines are refused: nobody could audit them. */
export function parseCheckpoint({ text }: Note, origin: string): Checkpoint {
  const [name, size = "", encoded = "", end, ...rest] = text.split("\n");
  if (end !== "" || rest.length > 0) throw invalidNote("a checkpoint's lines");
  if (name !== origin) throw invalidNote("another log");
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) throw invalidNote("a checkpoint's size");
  const root = noteBase64(encoded);
  if (root.length !== HASH) throw invalidNote("a checkpoint's root");
  return { origin, size: Number(size), root };
}
