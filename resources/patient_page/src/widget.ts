/**
 * The button for a clinic's own website: one script tag draws it, and it opens the chat as a page of its own (a frame in
 * another site has no lasting storage). It asks nobody for anything, keeps nothing, and works where the site's policy
 * allows this one script and no style. What the tag says beside its address is bounded here:
 *
 *   data-place     "corner" (fixed, the default) or "here" (where the tag stands)
 *   data-side      "right" (the default) or "left", of the corner
 *   data-color     #rrggbb; the writing on it is black or white, whichever is read better
 *   data-language  "en" or "es"; without it the site's own
 *   data-label     other words on the button, at most 40 characters
 */
const LABELS = { en: "Secure chat", es: "Chat seguro" } as const;
const OPENS = { en: "(opens in a new tab)", es: "(se abre en otra pestaña)" } as const;
const COLOR = "#0b6b5d";
const LONGEST_LABEL = 40;

/** A colour's brightness as WCAG has it: above 0.179 black is read better on it than white. */
function brightness(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[0-9a-f]{2}/gi) ?? []).map((hex) => {
    const part = Number.parseInt(hex, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function style({ place, side, color }: DOMStringMap): string {
  const back = /^#[0-9a-f]{6}$/i.test(color ?? "") ? (color ?? COLOR) : COLOR;
  const fore = brightness(back) > 0.179 ? "#000" : "#fff";
  const edge = side === "left" ? "left" : "right";
  const corner = `position:fixed;z-index:2147483000;bottom:calc(1rem + env(safe-area-inset-bottom));${edge}:1rem;box-shadow:0 2px 12px rgb(0 0 0/30%);`;
  return `a{${place === "here" ? "" : corner}display:inline-flex;gap:.5rem;align-items:center;box-sizing:border-box;min-height:3rem;max-width:calc(100vw - 2rem);padding:.625rem 1.25rem;border:2px solid transparent;border-radius:1.5rem;background:${back};color:${fore};font:600 1rem/1.25 system-ui,sans-serif;text-decoration:none}
a:hover{text-decoration:underline}a:focus-visible{outline:3px solid ${fore};outline-offset:-6px}
svg{flex:none;width:1.5rem;height:1.5rem;fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.new{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media print{a{display:none}}`;
}

function icon(): SVGElement {
  const [svg, path] = (["svg", "path"] as const).map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  if (svg === undefined || path === undefined) throw new Error("no SVG");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M3 5h18v12H10l-5 4v-4H3z");
  svg.append(path);
  return svg;
}

function link(page: string, { language, label }: DOMStringMap): HTMLAnchorElement {
  const spoken = (language ?? document.documentElement.lang).slice(0, 2).toLowerCase() === "es" ? "es" : "en";
  const [anchor, text, news] = [document.createElement("a"), document.createElement("span"), document.createElement("span")];
  [anchor.href, anchor.target, anchor.rel, anchor.lang] = [page, "_blank", "noopener noreferrer", spoken];
  text.textContent = label?.trim().slice(0, LONGEST_LABEL) || LABELS[spoken];
  [news.className, news.textContent] = ["new", ` ${OPENS[spoken]}`];
  anchor.append(icon(), text, news);
  return anchor;
}

function draw(script: HTMLScriptElement): void {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  root.append(link(new URL("./", script.src).href, script.dataset));
  // A sheet that is made here is no inline style. A browser without such sheets shows a plain link, which works as well.
  if ("adoptedStyleSheets" in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style(script.dataset));
    root.adoptedStyleSheets = [sheet];
  }
  if (script.dataset["place"] === "here") script.after(host);
  else document.body.append(host);
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement && script.src !== "") {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => draw(script));
  else draw(script);
}
