import type { CDPSession, Worker } from "playwright";

import { Chromium } from "./chromium";
import { Phone } from "./phone";
import { Wire } from "./wire";
import { AUTHENTICATOR } from "../support/authenticator";
import type { Clinic } from "../support/clinic";
import type { Host } from "../support/host";
import type { PushService } from "../support/push_service";

interface Authenticator {
  /** It knows this person no more, and after some tries asks nobody: for good, as Chromium makes it. */
  readonly refuse: () => Promise<void>;
  /** The same phone with its passkeys deleted. */
  readonly forget: () => Promise<void>;
}

export interface Push {
  readonly deliver: () => Promise<void>;
  /** What a tap on the notification brings to the front. */
  readonly tap: () => Promise<readonly string[]>;
}

/** The lock as a patient meets it, by tools that Chromium has: an authenticator for tests, and a hand that gives a push to the service worker. */
export class LockWalk {
  readonly #clinic: Clinic;
  readonly #host: Host;
  readonly #pushes: PushService;
  readonly #wire: Wire;
  readonly #chromium: Chromium;
  readonly #devtools: CDPSession;
  readonly #phone: Phone;

  private constructor(clinic: Clinic, host: Host, pushes: PushService, wire: Wire, chromium: Chromium, devtools: CDPSession) {
    [this.#clinic, this.#host, this.#pushes, this.#wire] = [clinic, host, pushes, wire];
    [this.#chromium, this.#devtools, this.#phone] = [chromium, devtools, new Phone(chromium)];
  }

  static async start(clinic: Clinic, host: Host, pushes: PushService, program: string, profile: string): Promise<LockWalk> {
    const wire = await Wire.lay();
    const chromium = await Chromium.launch(program, { profile, proxy: wire.port, language: "en-GB", slow: false });
    return new LockWalk(clinic, host, pushes, wire, chromium, await chromium.devtools());
  }

  get phone(): Phone {
    return this.#phone;
  }

  get home(): string {
    return this.#host.namedOrigin;
  }

  get complaints(): readonly string[] {
    return this.#chromium.complaints;
  }

  /** An authenticator that knows the person, as a phone does. */
  async plugIn(): Promise<Authenticator> {
    const devtools = this.#devtools;
    await devtools.send("WebAuthn.enable");
    const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options: AUTHENTICATOR });
    return {
      refuse: async () => void (await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false })),
      forget: async () => {
        await devtools.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
        await this.plugIn();
      },
    };
  }

  /** The person closes what the browser asks for the next time: as the browser tells it, for its own window cannot be pressed from here. */
  cancelNext(): Promise<void> {
    return this.#chromium.run(() => {
      navigator.credentials.get = async () => {
        Reflect.deleteProperty(navigator.credentials, "get");
        throw new DOMException("cancelled", "NotAllowedError");
      };
    });
  }

  async end(): Promise<void> {
    await this.#chromium.end();
    this.#wire.end();
  }

  async talk(text: string): Promise<string> {
    const { link, code } = await this.#clinic.invite("Ana");
    await this.#phone.begin({ link: this.#host.linkHere(link, this.home), code });
    await this.#phone.say(text);
    await this.#phone.reads(text, "delivered");
    return this.#clinic.heard("Ana", text);
  }

  async press(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.#phone.press(name);
  }

  /** Everything that is in the document. */
  document(): Promise<string> {
    return this.#chromium.run(() => document.documentElement.outerHTML);
  }

  title(): Promise<string> {
    return this.#chromium.run(() => document.title);
  }

  /** A push service's answer cannot be had without Google: it is made up, and leads to one of our own. Gives the push to the worker. */
  async subscribable(): Promise<Push> {
    const { context } = this.#chromium;
    await context.grantPermissions(["notifications"], { origin: this.home });
    await context.addInitScript((endpoint) => {
      PushManager.prototype.subscribe = async () => ({ endpoint }) as PushSubscription;
    }, `${this.#pushes.origin}/wake/locked`);
    const registration = new Promise<string>((resolve) => {
      this.#devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations: [one] }) => one !== undefined && resolve(one.registrationId));
    });
    const script = context.waitForEvent("serviceworker");
    await this.#devtools.send("ServiceWorker.enable");
    const deliver = async (): Promise<void> => {
      await this.#devtools.send("ServiceWorker.deliverPushMessage", { origin: this.home, registrationId: await registration, data: "planted" });
    };
    return { deliver, tap: async () => tap(await script) };
  }

  shown(): Promise<readonly string[]> {
    return this.#chromium.run(async () =>
      (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag, data }) => [title, body, tag, JSON.stringify(data)].join("|")),
    );
  }

  /** A browser without a window shows every tab at once. */
  hide(hidden: boolean): Promise<void> {
    return this.#chromium.run((now) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => now });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  }
}

/** The part of a service worker's scope that `tap` uses. */
interface Scope {
  readonly registration: ServiceWorkerRegistration;
  readonly WindowClient: { readonly prototype: { readonly url: string; focus: () => Promise<void> } };
  readonly NotificationEvent: new (kind: string, init: { readonly notification: Notification | undefined }) => Event;
  readonly dispatchEvent: (event: Event) => boolean;
}

/** A browser brings a page to the front for a finger alone: which one is noted, and not done. */
const tap = (script: Worker): Promise<readonly string[]> =>
  script.evaluate(async () => {
    const { registration, WindowClient, NotificationEvent, dispatchEvent } = globalThis as unknown as Scope;
    const front: string[] = [];
    WindowClient.prototype.focus = async function note(this: { readonly url: string }): Promise<void> {
      front.push(this.url.split("#")[0] ?? "");
    };
    const [notification] = await registration.getNotifications();
    const event = new NotificationEvent("notificationclick", { notification });
    const done = new Promise((resolve) => Object.defineProperty(event, "waitUntil", { value: resolve }));
    dispatchEvent.call(globalThis, event);
    await done;
    return front;
  });
