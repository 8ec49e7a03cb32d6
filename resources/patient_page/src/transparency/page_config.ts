/**
 * docs/protocol.md section 17.1: the page's configuration, signed by an administrator. Who hosts the page can always serve
 * other code; who can only change a file beside it must not be able to point patients at another relay or clinic.
 */
import { type Bytes, type Infer, decode, fromBase64, fromHex, malformed, oneOf, record, sameBytes, suite, text, uint } from "../protocol/encoding";
import { ProtocolError } from "../protocol/errors";
import { clinicId } from "../protocol/keys";
import { NAME, NOTE } from "../protocol/limits";
import { verify } from "../protocol/primitives";
import { type Roster, isAdministrator } from "./roster";

const PAGE_CONFIG = record({
  suite,
  kind: oneOf("page"),
  clinic: clinicId,
  origin: text(NAME),
  openingHours: text(NOTE),
  phone: text(NAME),
  time: uint(),
});
export type PageConfig = Infer<typeof PAGE_CONFIG>;

/** Not believed yet: the page needs the origin to fetch the clinic log with which `verifyPageConfig` then checks it. */
export interface SignedPageConfig {
  readonly config: PageConfig;
  readonly payload: Bytes;
  readonly administrator: Bytes;
  readonly signature: Bytes;
}

const FIELDS = ["payload", "administrator", "signature"] as const;
const LONGEST = 16 * 1_024;

function parseFields(json: string): Readonly<Record<(typeof FIELDS)[number], string>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw malformed("config.json");
  }
  if (typeof value !== "object" || value === null || Object.keys(value).length !== FIELDS.length) throw malformed("config.json");
  const entries = new Map<string, unknown>(Object.entries(value));
  const field = (name: (typeof FIELDS)[number]): string => {
    const found = entries.get(name);
    if (typeof found !== "string") throw malformed(name);
    return found;
  };
  return { payload: field("payload"), administrator: field("administrator"), signature: field("signature") };
}

export function parsePageConfig(json: string): SignedPageConfig {
  if (json.length > LONGEST) throw new ProtocolError("limit.exceeded", "page configuration");
  const fields = parseFields(json);
  const payload = fromBase64(fields.payload);
  return {
    config: decode(PAGE_CONFIG, payload),
    payload,
    administrator: fromHex(fields.administrator),
    signature: fromBase64(fields.signature),
  };
}

export function verifyPageConfig({ config, payload, administrator, signature }: SignedPageConfig, roster: Roster): PageConfig {
  if (!verify(administrator, signature, "page-config", payload)) throw new ProtocolError("statement.invalid", "page configuration");
  if (!sameBytes(config.clinic, roster.clinic) || !isAdministrator(roster, administrator)) {
    throw new ProtocolError("statement.refused", "not signed by an administrator of this clinic");
  }
  return config;
}
