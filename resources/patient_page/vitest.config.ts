import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type Plugin } from "vitest/config";

import { libsodium } from "./libsodium.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The distribution's own, so that no second browser has to be downloaded and kept safe. Ubuntu names it otherwise. */
function chromium(): string {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`Chromium is at none of ${places.join(", ")}: run packaging/system-packages`);
  return found;
}

/** Every JSON file under a folder, by its path without the ending; nothing when there is no such folder. */
function jsonFiles(folder: string): Record<string, unknown> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
  return Object.fromEntries(
    files.map((file) => [file.replace(/\.json$/, ""), JSON.parse(readFileSync(join(folder, file), "utf8"))]),
  );
}

function wycheproof(): Record<string, unknown> {
  const folder = process.env["WYCHEPROOF_DIR"] ?? join(repository, "../shared/vectors/wycheproof");
  const files = jsonFiles(folder);
  if (Object.keys(files).length === 0 && process.env["SEALDESK_REQUIRE_WYCHEPROOF"] === "1") {
    throw new Error(`Wycheproof's vectors are not at ${folder}. Set WYCHEPROOF_DIR to the folder that holds them.`);
  }
  return files;
}

/**
 * Test vectors as a module, because the browser has no file system: `vectors` are the repository's own, shared with
 * Python, `wycheproof` those made by others. Without Wycheproof's folder that record is empty, and in CI it fails.
 */
function sharedVectors(): Plugin {
  const name = "virtual:vectors";
  return {
    name: "sealdesk-vectors",
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      const vectors = jsonFiles(join(repository, "tests/vectors"));
      return `export const vectors = ${JSON.stringify(vectors)};
              export const wycheproof = ${JSON.stringify(wycheproof())};`;
    },
  };
}

const everywhere = "tests/**/*.test.{ts,tsx}";
const onlyNode = "tests/**/*.node.test.{ts,tsx}";
const onlyBrowser = "tests/**/*.browser.test.{ts,tsx}";

/** A busy machine is no slow page: only a test that fails waits as long as this, for one thing and for all of them. */
const PATIENCE = 60_000;
const patient = { testTimeout: 5 * PATIENCE, hookTimeout: 5 * PATIENCE, expect: { poll: { timeout: PATIENCE } } };

/** What the build leaves of libsodium: every vector is put to that, and not to the whole. */
function prunedLibsodium(): Plugin {
  const pruned = libsodium();
  const modules: Record<string, () => Promise<string>> = {
    "\0sodium/wrappers": async () => (await pruned).wrappers,
    "\0sodium/loader": async () => (await pruned).loader,
    "\0sodium/whole": async () => `
      import instantiate from "libsodium-sumo";
      const code = Uint8Array.from(atob("${Buffer.from((await pruned).wasm).toString("base64")}"), (one) => one.charCodeAt(0));
      export default (module) => instantiate({
        ...module,
        instantiateWasm: (imports, received) => void WebAssembly.instantiate(code, imports).then(({ instance }) => received(instance)),
      });`,
  };
  return {
    name: "sealdesk-libsodium",
    enforce: "pre",
    resolveId(id, importer) {
      if (id === "libsodium-wrappers-sumo") return "\0sodium/wrappers";
      if (id !== "libsodium-sumo") return null;
      return importer === "\0sodium/wrappers" ? "\0sodium/whole" : "\0sodium/loader";
    },
    load: (id) => modules[id]?.() ?? null,
  };
}

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [sharedVectors(), prunedLibsodium()],
        test: { ...patient, name: "node", environment: "node", include: [everywhere], exclude: [onlyBrowser] },
      },
      {
        plugins: [sharedVectors(), prunedLibsodium()],
        test: {
          ...patient,
          name: "browser",
          include: [everywhere],
          exclude: [onlyNode],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: "chromium" }],
            provider: playwright({
              launchOptions: {
                executablePath: chromium(),
                args: [
                  // Root, as in a container, has no user namespace to sandbox with.
                  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
                  "--disable-gpu",
                  "--disable-quic",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                ],
              },
            }),
          },
        },
      },
    ],
  },
});
