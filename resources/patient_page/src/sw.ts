/**
 * The service worker: it shows one fixed sentence when the relay wakes this browser, and brings the page to the front when
 * that is tapped. It keeps nothing, fetches nothing and stands between nothing: it has no other event.
 */
import { WAKE } from "./wake_words";

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Click extends Extendable {
  readonly notification: Notification;
}

interface Tab {
  readonly url: string;
  focus(): Promise<unknown>;
}

/** The part of ServiceWorkerGlobalScope that is used here. */
interface Scope {
  readonly location: { readonly search: string };
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { readonly type: "window"; readonly includeUncontrolled: true }): Promise<readonly Tab[]>;
    openWindow(url: string): Promise<unknown>;
  };
  addEventListener(kind: "push", listener: (event: Extendable) => void): void;
  addEventListener(kind: "notificationclick", listener: (event: Click) => void): void;
}

const scope = globalThis as unknown as Scope;
const lang = scope.location.search === "?es" ? "es" : "en";

async function bringToFront(): Promise<void> {
  const tabs = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = tabs.find(({ url }) => url.startsWith(scope.registration.scope));
  await (open === undefined ? scope.clients.openWindow(scope.registration.scope) : open.focus());
}

// Whatever a push service may have put into a push is not read. One tag: a second notification takes the place of the first.
scope.addEventListener("push", (event) => event.waitUntil(scope.registration.showNotification(WAKE[lang], { tag: "sealdesk", lang })));
scope.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(bringToFront());
});
