/**
 * Brings the engine. It stands in index.html within a template, with its integrity: nothing of it takes the line from the
 * first screen, no address is made up by a script, and what did not come can be brought once more.
 */
import type { Engine } from "./engine";

/** It did not come, as on a train, or is not what the page was built with. */
export class EngineMissing extends Error {
  override readonly name = "EngineMissing";
}

declare global {
  var sealdeskEngine: Engine | undefined;
}

/** A line that only seems to be there. */
const PATIENCE = 60_000;

function run(script: HTMLScriptElement): Promise<void> {
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new EngineMissing("script")));
    setTimeout(() => reject(new EngineMissing("script")), PATIENCE);
    document.head.append(script);
  });
}

async function fetchWebAssembly(link: HTMLLinkElement): Promise<ArrayBuffer> {
  try {
    const { integrity } = link;
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(link.getAttribute("href") ?? "", { integrity, credentials: "omit", redirect: "error", signal });
    if (!response.ok) throw new EngineMissing("WebAssembly");
    return await response.arrayBuffer();
  } catch (error) {
    throw new EngineMissing("WebAssembly", { cause: error });
  }
}

export async function loadEngine(): Promise<Engine> {
  const template = document.querySelector("template")?.content ?? new DocumentFragment();
  const [script, link] = [template.querySelector("script"), template.querySelector("link")];
  if (script === null || link === null) throw new EngineMissing("index.html is another version's");
  const [wasm] = await Promise.all([fetchWebAssembly(link), run(document.importNode(script))]);
  const engine = globalThis.sealdeskEngine;
  if (engine === undefined) throw new EngineMissing("it does not run here");
  engine.provideWebAssembly(wasm);
  return engine;
}
