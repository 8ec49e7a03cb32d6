/** What the journeys ask of a browser, whichever engine it has. */
import { existsSync } from "node:fs";

import { Chromium } from "./chromium";
import { Firefox } from "./firefox";
import { VIEWPORT } from "./phone";
import { WebKit } from "./webkit";

export interface Launch {
  /** A folder that outlives the browser. */
  readonly profile: string;
  /** The port of the wire: everything that the browser sends passes it. */
  readonly proxy: number;
  readonly language: string;
  /** As an old phone on a bad line. */
  readonly slow: boolean;
  /** Runs in every page before the page's own scripts. WebKit's driver has no way for it. */
  readonly prelude?: string;
  /** A private window, or a browser that is told to keep nothing for any site. WebKit's is always the first. */
  readonly storage?: "private" | "denied";
}

export interface Browser {
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** To the page before this one. */
  back(): Promise<void>;
  /** Runs in the page; takes nothing from around it but its arguments. */
  run<Given extends readonly unknown[], Result>(task: (...given: Given) => Result, ...given: Given): Promise<Awaited<Result>>;
  /** A press of the pointer on what is there, shown and enabled. */
  press(selector: string): Promise<void>;
  /** Keys, one after another, into what has the focus. */
  type(text: string): Promise<void>;
  attach(selector: string, path: string): Promise<void>;
  /** A press on whatever shows at that place of the window. */
  pressAt(x: number, y: number): Promise<void>;
  photograph(): Promise<Buffer>;
  /** Presses a link that saves a file; its path, in the profile. */
  save(selector: string): Promise<string>;
  /** What the browser calls its tabs, in no order. */
  tabs(): Promise<readonly string[]>;
  openTab(): Promise<string>;
  /** Everything else is done in that one from now on, and it is in front. */
  useTab(tab: string): Promise<void>;
  closeTab(tab: string): Promise<void>;
  /** Errors that the page or the engine wrote to the console, broken policies included. */
  readonly complaints: string[];
  /** How much an origin may keep from now on. Chromium's alone. */
  limitStorage?(origin: string, bytes: number): Promise<void>;
  end(): Promise<void>;
}

export interface EngineKind {
  readonly name: string;
  /** Where its program may be; the first that is there is taken. */
  readonly programs: readonly string[];
  /** The language that its owner has set it to. WebKitGTK takes the system's, and the other is chosen by hand. */
  readonly speaks: "en" | "es";
  /** What was stored is there again in a new browser with the same profile. */
  readonly remembers: boolean;
  /** A tab behind another one knows that nobody sees it. */
  readonly hides: boolean;
  /** How wide the page is drawn, in its own pixels. */
  readonly width: number;
  /** The finger is what it is worked by, and a camera is at hand. */
  readonly touches: boolean;
  /** It has Web Push to offer. */
  readonly pushes: boolean;
  /** Hosts that the browser asks by itself and cannot be told not to. */
  readonly own?: RegExp;
  readonly slow?: true;
  readonly launch: (program: string, launch: Launch) => Promise<Browser>;
}

// That the page asks them for nothing is seen from within (page.node.test.ts).
const GOOGLES = /\.(google|googleapis|gvt1)\.com$/;
const CHROMIUM = { programs: ["/usr/bin/chromium", "/usr/bin/chromium-browser"], speaks: "en", remembers: true, width: VIEWPORT.width, touches: true, pushes: true, own: GOOGLES, launch: Chromium.launch } as const;
const MINI_BROWSERS = ["x86_64", "aarch64"].flatMap((machine) => ["4.1", "6.0"].map((version) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-${version}/MiniBrowser`));

export const ENGINES: readonly EngineKind[] = [
  // Without a window it shows every tab at once.
  { ...CHROMIUM, name: "Chromium", hides: false },
  { ...CHROMIUM, name: "Chromium, slow", hides: false, slow: true },
  // Debian's, and Mozilla's own package. Ubuntu's /usr/bin/firefox starts a snap, which opens no profile but its own.
  {
    name: "Firefox",
    programs: ["/usr/bin/firefox-esr", "/usr/lib/firefox/firefox"],
    speaks: "es",
    remembers: true,
    hides: true,
    width: VIEWPORT.width,
    touches: false,
    pushes: true,
    own: /\.mozilla\.(com|net|org)$/,
    launch: Firefox.launch,
  },
  // Under automation it keeps nothing: WebKitGTK gives every session a storage of its own. Its driver brings no tab to the front.
  { name: "WebKit", programs: MINI_BROWSERS, speaks: "en", remembers: false, hides: false, width: 447, touches: false, pushes: false, launch: WebKit.launch },
];

/** Whether this run is for all of them (`make engines`), or for Chromium alone. */
export const isEveryEngine = (): boolean => process.env["SEALDESK_ENGINES"] === "all";

/** The engine's program; undefined where this run is not for it, and an error where it is not installed. */
export function programOf({ name, programs }: EngineKind): string | undefined {
  if (!isEveryEngine() && name !== "Chromium") {
    process.stderr.write(`\n*** NOT RUN: the journeys in ${name}: make engines runs them\n\n`);
    return undefined;
  }
  const found = programs.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`${name} is at none of ${programs.join(", ")}: make engines installs it`);
  return found;
}
