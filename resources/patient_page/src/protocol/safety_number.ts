/** docs/protocol.md section 11.5: 116 bits that the clinic reads out and the patient compares, never the other way. */
import type { ClinicId, DeviceId } from "./keys";
import { hash } from "./primitives";

const GROUPS = 7;
const GROUP_BYTES = 4;

/** Seven groups of five digits. */
export function safetyNumber(clinic: ClinicId, patient: DeviceId): readonly string[] {
  const bytes = hash("safety-number", clinic, patient);
  return Array.from({ length: GROUPS }, (_, group) => {
    const part = bytes.subarray(group * GROUP_BYTES, (group + 1) * GROUP_BYTES);
    const value = part.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(value % 100_000).padStart(5, "0");
  });
}
