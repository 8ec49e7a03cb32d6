/** How a person came here: by what link, in what browser. */
import type { Link } from "./protocol/invitation";
import { parseLink } from "./protocol/invitation";
import { isProtocolError } from "./protocol/errors";

export type Arrival =
  | { readonly kind: "visitor" }
  | { readonly kind: "invited"; readonly link: Link }
  | { readonly kind: "wrong"; readonly problem: "link-cut" | "link-damaged" };

/** The length of a whole fragment: 49 bytes in base64url. */
const WHOLE = 66;

export function readFragment(hash: string): Arrival {
  const fragment = hash.replace(/^#/, "");
  if (fragment === "") return { kind: "visitor" };
  try {
    return { kind: "invited", link: parseLink(fragment) };
  } catch (error) {
    if (!isProtocolError(error)) throw error;
    const cut = fragment.length < WHOLE && /^[\w-]*$/.test(fragment);
    return { kind: "wrong", problem: cut ? "link-cut" : "link-damaged" };
  }
}

/** Takes the secret out of the address bar, the history and what a screen shows, at once. It stays in memory only. */
export function takeFragment(): string {
  const { hash, pathname, search } = globalThis.location;
  if (hash !== "") history.replaceState(null, "", pathname + search);
  return hash;
}

/** Browsers inside other apps: their storage goes with the app's, and some read what is typed. */
const IN_APP = /\bFBA[NV]\b|Instagram|Barcelona|\bLine\/|MicroMessenger|Snapchat|TikTok|musical_ly|Bytedance|LinkedInApp|Twitter|KAKAOTALK|\bGSA\/|Pinterest|; wv\)/;

/** What an app shows on an iPhone says all that Safari says but its name. So does a page on the home screen, which keeps its own. */
const IN_IPHONE_APP = /\((?:iPhone|iPad|iPod)\b(?!.*\bSafari\/)/;

export const isInApp = (userAgent: string, onHomeScreen = false): boolean => IN_APP.test(userAgent) || (!onHomeScreen && IN_IPHONE_APP.test(userAgent));

/** What the page cannot do without. Asked before anything is promised. */
export const isCapable = (): boolean =>
  typeof WebAssembly === "object" &&
  typeof indexedDB === "object" &&
  globalThis.isSecureContext &&
  typeof crypto.subtle === "object" &&
  "locks" in navigator &&
  "randomUUID" in crypto;
