/** Web Push, as the page asks for it: permission, the service worker, a subscription, and the relay's word (docs/protocol.md, 16.19). */
import { sameBytes } from "./protocol/encoding";
import { isProtocolError } from "./protocol/errors";
import type { Line } from "./line";
import { Refused, Unreachable } from "./relay";
import { type Language, language } from "./words";
import { removeWorker } from "./worker";

/** The person, or the browser for them, said no. */
export class PushBlocked extends Error {
  override readonly name = "PushBlocked";
}

/** Neither browser nor relay can do it, however often it is tried. */
export class PushUnfit extends Error {
  override readonly name = "PushUnfit";
}

const PATIENCE = 15_000;
const ADDRESSES: Readonly<Record<Language, string>> = { en: "sw.js?en", es: "sw.js?es" };

/** An iPhone has it only for a page on the home screen. */
export const canPush = (): boolean => "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(asked: string): string }): { createScriptURL(asked: string): string };
}

const own = (asked: string): string => {
  if (!Object.values(ADDRESSES).includes(asked)) throw new TypeError("not the service worker's address");
  return asked;
};
const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
/** Made once: the page's policy lets none be made a second time. */
let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

function address(): string {
  policy ??= trustedTypes?.createPolicy("sealdesk-worker", { createScriptURL: own });
  return policy?.createScriptURL(ADDRESSES[language.value]) ?? ADDRESSES[language.value];
}

/** Browsers try a push service again and again before they say that it cannot be reached. */
function inTime<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Unreachable("no answer in time")), PATIENCE));
  return Promise.race([work, late]);
}

async function activeWorker(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register(address(), { updateViaCache: "none" });
  return inTime(navigator.serviceWorker.ready);
}

async function subscription({ pushManager }: ServiceWorkerRegistration, key: Uint8Array<ArrayBuffer>): Promise<PushSubscription> {
  const kept = await pushManager.getSubscription();
  const keptKey = kept?.options.applicationServerKey;
  if (kept !== null && keptKey instanceof ArrayBuffer && sameBytes(new Uint8Array(keptKey), key)) return kept;
  // Another relay's, or one whose key was lost: a browser refuses a second beside it.
  await kept?.unsubscribe();
  return inTime(pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
}

async function subscribe(line: Line): Promise<void> {
  const worker = await activeWorker();
  const key = await line.relay().pushKey();
  const { endpoint } = await subscription(worker, key as Uint8Array<ArrayBuffer>);
  await line.relay().putPush(endpoint);
}

/** Browsers tell a push service that cannot be reached, and a script that did not come, in many ways. */
function told(error: unknown): unknown {
  if (error instanceof Refused || isProtocolError(error)) return new PushUnfit("refused", { cause: error });
  if (error instanceof DOMException && error.name === "NotAllowedError") return new PushBlocked("permission", { cause: error });
  if (error instanceof DOMException && error.name === "NotSupportedError") return new PushUnfit("browser", { cause: error });
  if (error instanceof DOMException || error instanceof TypeError) return new Unreachable("push service", { cause: error });
  return error;
}

/** A relay that is not told finds out: the push service answers its next request with 410. */
async function drop(line: Line): Promise<void> {
  const [gone] = await Promise.all([removeWorker(), line.dropPush()]);
  if (!gone) throw new Unreachable("the service worker stays");
}

/** Within the person's gesture. Throws PushBlocked, PushUnfit, a RelayError or VaultError; then nothing is switched on. */
export async function switchPush(line: Line, on: boolean): Promise<void> {
  if (!on) {
    if (line.view.notices.push === "on") await drop(line);
    return line.keepNotices({ push: "off" });
  }
  if ((await Notification.requestPermission()) !== "granted") throw new PushBlocked("permission");
  try {
    await subscribe(line);
    await line.keepNotices({ push: "on" });
  } catch (error) {
    await drop(line).catch(() => undefined);
    throw told(error);
  }
}

/** When the page is opened: a browser may have changed its subscription, the person its permission or the language. Asks nothing of them. */
export async function renewPush(line: Line): Promise<void> {
  if (!canPush() || Notification.permission !== "granted") return switchPush(line, false);
  await subscribe(line);
}
