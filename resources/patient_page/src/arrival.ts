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

/** What a reload finds of how this page was left: by which link, and whether the button had been pressed. */
export interface Left {
  readonly fragment: string;
  readonly pressed: boolean;
}

/** What another program wrote beside this entry of the history is nothing of ours. */
function readLeft(state: unknown): Left | undefined {
  const { fragment, pressed } = { ...(state as Partial<Left> | null) };
  return typeof fragment === "string" && typeof pressed === "boolean" ? { fragment, pressed } : undefined;
}

/**
 * Takes the secret out of the address bar, the history and what a screen shows, at once. It stays in memory only, but for
 * what `leave` keeps.
 */
export function takeFragment(): Left {
  const { hash, pathname, search } = globalThis.location;
  if (hash === "") return readLeft(history.state) ?? { fragment: "", pressed: false };
  history.replaceState(null, "", pathname + search);
  return { fragment: hash, pressed: false };
}

/** For a reload, while a problem stands: beside this entry of the history, which no address bar and no list shows. Undefined forgets. */
export function leave(left: Left | undefined): void {
  // Longer than a whole link it is damaged however long it is.
  const kept = left === undefined ? null : { ...left, fragment: left.fragment.slice(0, WHOLE + 2) };
  if (kept !== null || history.state !== null) history.replaceState(kept, "");
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
