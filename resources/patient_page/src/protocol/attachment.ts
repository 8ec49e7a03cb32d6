/** docs/protocol.md section 12: a file as the relay keeps it, padded and encrypted in chunks. */
import { type Bytes, concat, pad, sameBytes } from "./encoding";
import { ProtocolError } from "./errors";
import { FILE, FILE_CHUNK } from "./limits";
import { type PullStream, type Random, type PushStream, STREAM_HEADER, STREAM_OVERHEAD, hash, pullStream, pushStream } from "./primitives";

const log2 = (n: number): number => 31 - Math.clz32(n);

/** Padmé: leaks at most O(log log size) bits of the size, and adds at most 12 %. For lengths below 2^31. */
export function padme(length: number): number {
  if (length < 2) return length;
  const exponent = log2(length);
  const mask = 2 ** (exponent - (log2(exponent) + 1)) - 1;
  return (length + mask) & ~mask;
}

/** What a `file` event says of a file, beside its name, type and caption. */
export interface FileReference {
  readonly size: number;
  readonly fileHash: Bytes;
  readonly key: Bytes;
  readonly blob: Bytes;
}

export interface SealedFile extends FileReference {
  /** What is uploaded. */
  readonly bytes: Bytes;
  readonly readSecret: Bytes;
  readonly deleteSecret: Bytes;
}

const damaged = (detail: string): ProtocolError => new ProtocolError("attachment.damaged", detail);

function chunks(bytes: Bytes, size: number): readonly Bytes[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** Draws the file's key (32), the stream's header (24), the read secret (16) and the delete secret (16). */
export function sealFile(plaintext: Bytes, random: Random): SealedFile {
  if (plaintext.length > FILE.value) throw new ProtocolError("limit.exceeded", FILE.name);
  const key = random(32);
  const padded = chunks(pad(plaintext, padme(plaintext.length + 1)), FILE_CHUNK);
  const { header, push }: PushStream = pushStream(key, random);
  const bytes = concat(header, ...padded.map((chunk, i) => push(chunk, i === padded.length - 1)));
  return {
    bytes,
    key,
    readSecret: random(16),
    deleteSecret: random(16),
    size: plaintext.length,
    fileHash: hash("file", plaintext),
    blob: hash("blob", bytes),
  };
}

function pullChunk(pull: PullStream, chunk: Bytes, last: boolean): Bytes {
  const pulled = pull(chunk);
  if (pulled === undefined || pulled.final !== last) throw damaged("chunk");
  return pulled.chunk;
}

/** Returns the plaintext when all of it has been verified, and else not a byte. */
export function openFile(bytes: Bytes, reference: FileReference): Bytes {
  const { size, key } = reference;
  if (size > FILE.value) throw damaged(FILE.name);
  const padded = padme(size + 1);
  const overhead = STREAM_HEADER + Math.ceil(padded / FILE_CHUNK) * STREAM_OVERHEAD;
  if (bytes.length !== padded + overhead || !sameBytes(hash("blob", bytes), reference.blob)) throw damaged("blob");
  const sealed = chunks(bytes.subarray(STREAM_HEADER), FILE_CHUNK + STREAM_OVERHEAD);
  const pull = pullStream(key, bytes.subarray(0, STREAM_HEADER));
  const opened = concat(...sealed.map((chunk, i) => pullChunk(pull, chunk, i === sealed.length - 1)));
  if (opened[size] !== 0x80 || opened.subarray(size + 1).some((byte) => byte !== 0)) throw damaged("padding");
  const plaintext = opened.slice(0, size);
  if (!sameBytes(hash("file", plaintext), reference.fileHash)) throw damaged("hash");
  return plaintext;
}

/** What the relay keeps beside a blob (section 12), from the secrets that open and delete it. */
export const blobHashes = ({ readSecret, deleteSecret }: Pick<SealedFile, "readSecret" | "deleteSecret">) => ({
  read: hash("blob-read", readSecret),
  delete: hash("blob-delete", deleteSecret),
});
