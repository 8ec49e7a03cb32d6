/**
 * The clinic's name before the relay hears of anybody (docs/protocol.md, section 17.1): from the charter, which lies beside the page
 * and is the one whose hash the link carries. Another charter, and so another name, has another hash.
 */
import type { Bytes } from "./protocol/encoding";
import type { ClinicId } from "./protocol/keys";
import { STATEMENT } from "./protocol/limits";
import { openLog } from "./transparency/clinic_log";

/** Throws a ProtocolError where it is another clinic's, or not as its administrators signed it. */
export const nameOf = (charter: Bytes, clinic: ClinicId): string => openLog([charter], clinic).roster.name;

/** "" where the page's host has no charter, or not this clinic's: then nothing is said. */
export async function clinicName(clinic: ClinicId): Promise<string> {
  try {
    const response = await fetch("charter.bin", { cache: "no-cache", credentials: "omit", redirect: "error" });
    if (!response.ok || Number(response.headers.get("Content-Length") ?? 0) > STATEMENT.value) return "";
    return nameOf(new Uint8Array(await response.arrayBuffer()), clinic);
  } catch {
    return "";
  }
}
