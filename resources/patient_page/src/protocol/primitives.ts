/**
 * docs/protocol.md section 1 over libsodium. The library comes in a script of its own, so it is handed in once, with
 * `provideSodium`, when it is ready; from then on everything here is synchronous.
 */
import { type Bytes, type Field, concat, frame } from "./encoding";
import { ProtocolError } from "./errors";
import type { Label } from "./labels";

/** The part of libsodium-wrappers-sumo that the page uses. */
export type Sodium = Pick<
  typeof import("libsodium-wrappers-sumo"),
  | "crypto_aead_xchacha20poly1305_ietf_decrypt"
  | "crypto_aead_xchacha20poly1305_ietf_encrypt"
  | "crypto_auth_hmacsha256_final"
  | "crypto_auth_hmacsha256_init"
  | "crypto_auth_hmacsha256_update"
  | "crypto_auth_hmacsha512_final"
  | "crypto_auth_hmacsha512_init"
  | "crypto_auth_hmacsha512_update"
  | "crypto_generichash"
  | "crypto_hash_sha256"
  | "crypto_kem_mlkem768_dec"
  | "crypto_kem_mlkem768_enc_deterministic"
  | "crypto_kem_mlkem768_seed_keypair"
  | "crypto_pwhash"
  | "crypto_pwhash_ALG_ARGON2ID13"
  | "crypto_scalarmult"
  | "crypto_scalarmult_base"
  | "crypto_secretstream_xchacha20poly1305_init_pull"
  | "crypto_secretstream_xchacha20poly1305_pull"
  | "crypto_secretstream_xchacha20poly1305_push"
  | "crypto_secretstream_xchacha20poly1305_TAG_FINAL"
  | "crypto_secretstream_xchacha20poly1305_TAG_MESSAGE"
  | "crypto_sign_detached"
  | "crypto_sign_seed_keypair"
  | "crypto_sign_verify_detached"
  | "memcmp"
>;

/** So many bytes that nobody can foresee. */
export type Random = (count: number) => Bytes;

export const KEY = 32;
export const HASH = 32;
export const SIGNATURE = 64;
export const NONCE = 24;
export const TAG = 16;
export const SEAL_OVERHEAD = NONCE + TAG;
export const KEM_PUBLIC = 1_184;
export const KEM_CIPHERTEXT = 1_088;
export const KEM_SEED = 64;

let provided: Sodium | undefined;

export function provideSodium(sodium: Sodium): void {
  provided = sodium;
}

function library(): Sodium {
  if (provided === undefined) throw new Error("provideSodium comes before every use");
  return provided;
}

/** In constant time for equal lengths. */
export const equal = (a: Bytes, b: Bytes): boolean => a.length === b.length && library().memcmp(a, b);

export const blake2b = (bytes: Bytes): Bytes => library().crypto_generichash(HASH, bytes, null);
export const sha256 = (bytes: Bytes): Bytes => library().crypto_hash_sha256(bytes);
export const hash = (label: Label, ...fields: readonly Field[]): Bytes => blake2b(frame(label, ...fields));

export function hmacSha256(key: Bytes, message: Bytes): Bytes {
  const state = library().crypto_auth_hmacsha256_init(key);
  library().crypto_auth_hmacsha256_update(state, message);
  return library().crypto_auth_hmacsha256_final(state);
}

function hmacSha512(key: Bytes, message: Bytes): Bytes {
  const state = library().crypto_auth_hmacsha512_init(key);
  library().crypto_auth_hmacsha512_update(state, message);
  return library().crypto_auth_hmacsha512_final(state);
}

export const mac = (key: Bytes, label: Label, ...fields: readonly Field[]): Bytes => hmacSha256(key, frame(label, ...fields));

const HKDF_BLOCK = 64;

/** RFC 5869 with SHA-512. An empty salt is the RFC's default, since HMAC fills a key with zeros. */
export function hkdfSha512(input: Bytes, salt: Bytes, info: Bytes, length: number): Bytes {
  const blocks = Math.ceil(length / HKDF_BLOCK);
  if (blocks > 255) throw new ProtocolError("limit.exceeded", "derived bytes");
  const pseudorandom = hmacSha512(salt, input);
  const output = new Uint8Array(blocks * HKDF_BLOCK);
  let block: Bytes = new Uint8Array(0);
  for (let i = 0; i < blocks; i += 1) {
    block = hmacSha512(pseudorandom, concat(block, info, Uint8Array.of(i + 1)));
    output.set(block, i * HKDF_BLOCK);
  }
  return output.slice(0, length);
}

export const kdf = (input: Bytes, salt: Bytes, length: number, label: Label, ...fields: readonly Field[]): Bytes =>
  hkdfSha512(input, salt, frame(label, ...fields), length);

/** Nonce, ciphertext and tag: 40 bytes longer than the plaintext. */
export function seal(key: Bytes, associated: Bytes, plaintext: Bytes, random: Random): Bytes {
  const nonce = random(NONCE);
  return concat(nonce, library().crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated, null, nonce, key));
}

/** Undefined where it does not open: the caller alone knows what the failure means, and says only that. */
export function open(key: Bytes, associated: Bytes, sealed: Bytes): Bytes | undefined {
  if (sealed.length < SEAL_OVERHEAD) return undefined;
  const nonce = sealed.subarray(0, NONCE);
  try {
    return library().crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed.subarray(NONCE), associated, nonce, key);
  } catch {
    return undefined;
  }
}

export interface KeyPair {
  readonly secret: Bytes;
  readonly public: Bytes;
}

/** `secret` is the 32-byte seed. */
export const signingPair = (seed: Bytes): KeyPair => ({
  secret: seed,
  public: library().crypto_sign_seed_keypair(seed).publicKey,
});

export const signBytes = (seed: Bytes, message: Bytes): Bytes =>
  library().crypto_sign_detached(message, library().crypto_sign_seed_keypair(seed).privateKey);

/** False on whatever is wrong, lengths included. */
export function verifyBytes(key: Bytes, signature: Bytes, message: Bytes): boolean {
  return (
    key.length === KEY &&
    signature.length === SIGNATURE &&
    library().crypto_sign_verify_detached(signature, message, key)
  );
}

export const sign = (seed: Bytes, label: Label, ...fields: readonly Field[]): Bytes =>
  signBytes(seed, frame(label, ...fields));

export const verify = (key: Bytes, signature: Bytes, label: Label, ...fields: readonly Field[]): boolean =>
  verifyBytes(key, signature, frame(label, ...fields));

export const agreementPair = (secret: Bytes): KeyPair => ({ secret, public: library().crypto_scalarmult_base(secret) });

/** Little-endian and below 2^255 - 19. libsodium takes the others too, so that one point would have two names. */
function isCanonicalPoint(point: Bytes): boolean {
  if (point.length !== KEY) return false;
  const [lowest = 0] = point;
  const highest = point[KEY - 1] ?? 0;
  const filled = point.subarray(1, KEY - 1).every((byte) => byte === 0xff);
  return highest < 0x7f || (highest === 0x7f && !(filled && lowest >= 0xed));
}

export function dh(secret: Bytes, point: Bytes): Bytes {
  if (!isCanonicalPoint(point)) throw new ProtocolError("key.invalid", "not a canonical X25519 point");
  try {
    return library().crypto_scalarmult(secret, point);
  } catch {
    throw new ProtocolError("key.invalid", "an X25519 point of small order");
  }
}

/** Any scalar tells whether a point has small order: clamping makes each a multiple of the cofactor. */
const PROBE = new Uint8Array(KEY).fill(1);

export function requirePoint(point: Bytes): void {
  dh(PROBE, point);
}

/** `secret` is the 64-byte seed `d || z`. */
export const kemPair = (seed: Bytes): KeyPair => ({
  secret: seed,
  public: library().crypto_kem_mlkem768_seed_keypair(seed).publicKey,
});

export interface Encapsulation {
  readonly ciphertext: Bytes;
  readonly secret: Bytes;
}

export function encapsulate(kemPublic: Bytes, random: Random): Encapsulation {
  const drawn = random(32);
  if (kemPublic.length !== KEM_PUBLIC) throw new ProtocolError("key.invalid", "an ML-KEM-768 key's length");
  try {
    const { ciphertext, sharedSecret } = library().crypto_kem_mlkem768_enc_deterministic(kemPublic, drawn);
    return { ciphertext, secret: sharedSecret };
  } catch {
    throw new ProtocolError("key.invalid", "an ML-KEM-768 key that is not reduced");
  }
}

/** FIPS 203, 7.2: encapsulation itself refuses a key that is not reduced. */
export function requireKemKey(kemPublic: Bytes): void {
  encapsulate(kemPublic, (count) => new Uint8Array(count));
}

/** FIPS 203 rejects implicitly: a wrong ciphertext gives a secret that nobody shares. */
export function decapsulate(seed: Bytes, ciphertext: Bytes): Bytes {
  if (ciphertext.length !== KEM_CIPHERTEXT) throw new ProtocolError("key.invalid", "an ML-KEM-768 ciphertext's length");
  return library().crypto_kem_mlkem768_dec(ciphertext, library().crypto_kem_mlkem768_seed_keypair(seed).privateKey);
}

export const STREAM_HEADER = 24;
export const STREAM_OVERHEAD = 17;

/** Encrypts the next chunk; the last one, and only the last, is final. */
export interface PushStream {
  readonly header: Bytes;
  readonly push: (chunk: Bytes, final: boolean) => Bytes;
}

/** libsodium's `init_push` draws the header itself; its `init_pull` makes the very same state from a given one. */
export function pushStream(key: Bytes, random: Random): PushStream {
  const header = random(STREAM_HEADER);
  const state = library().crypto_secretstream_xchacha20poly1305_init_pull(header, key);
  const { crypto_secretstream_xchacha20poly1305_TAG_FINAL: last, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE: more } = library();
  const push = (chunk: Bytes, final: boolean): Bytes =>
    library().crypto_secretstream_xchacha20poly1305_push(state, chunk, null, final ? last : more);
  return { header, push };
}

/** Undefined where a chunk is not the next one of this stream. */
export type PullStream = (chunk: Bytes) => { readonly chunk: Bytes; readonly final: boolean } | undefined;

export function pullStream(key: Bytes, header: Bytes): PullStream {
  const state = library().crypto_secretstream_xchacha20poly1305_init_pull(header, key);
  return (sealed) => {
    if (sealed.length < STREAM_OVERHEAD) return undefined;
    const pulled = library().crypto_secretstream_xchacha20poly1305_pull(state, sealed, null);
    if (pulled === false) return undefined;
    return { chunk: pulled.message, final: pulled.tag === library().crypto_secretstream_xchacha20poly1305_TAG_FINAL };
  };
}

/** 32 bytes from what a person remembers; `memory` in bytes. */
export function argon2id(secret: Bytes, salt: Bytes, operations: number, memory: number): Bytes {
  return library().crypto_pwhash(KEY, secret, salt, operations, memory, library().crypto_pwhash_ALG_ARGON2ID13);
}
