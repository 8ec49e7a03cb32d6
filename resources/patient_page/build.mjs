// Builds the page into dist/: two self-contained scripts, the service worker, libsodium, a stylesheet, index.html and the manifest of their hashes.
// The same sources give the same bytes on every machine, so that a stranger can compare a served page with a build.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { libsodium } from "./libsodium.mjs";

const root = dirname(fileURLToPath(import.meta.url));

// WebKit ignores the integrity of modules that a module imports. Two scripts without an import between them keep it: the
// shell draws the first screen, and then brings the engine.
const STATIC = ["icon.svg"];
const ENTRIES = { "shell.js": "src/main.tsx", "engine.js": "src/engine.ts", "sw.js": "src/sw.ts", "widget.js": "src/widget.ts", "page.css": "src/page.css" };

/** The engine's preact, signals and words are the shell's own: src/shared.ts. */
const shared = {
  name: "shared",
  setup({ onLoad, onResolve }) {
    const filter = /^(preact|preact\/hooks|preact\/jsx-runtime|@preact\/signals)$|^\.\.?\/words$/;
    onResolve({ filter }, ({ path }) => ({ path: path.replace(/^[./]+/, ""), namespace: "shared" }));
    onLoad({ filter: /./, namespace: "shared" }, ({ path }) => ({
      contents: `module.exports = globalThis.sealdeskShared[${JSON.stringify(path)}]`,
    }));
  },
};

/** The wrappers take their libsodium from src/libsodium.ts, and that takes the loader without its WebAssembly. */
const withLibsodium = ({ wrappers, loader }) => ({
  name: "libsodium",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^libsodium-(wrappers-)?sumo$/ }, ({ path, importer }) => {
      if (path === "libsodium-sumo" && !importer.endsWith("src/libsodium.ts")) return { path: join(root, "src/libsodium.ts") };
      return { path, namespace: "libsodium" };
    });
    onLoad({ filter: /./, namespace: "libsodium" }, ({ path }) => ({ contents: path === "libsodium-sumo" ? loader : wrappers }));
  },
});

const digest = (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding);

async function bundle(entry, clinic, sodium) {
  const { outputFiles } = await build({
    plugins: entry === ENTRIES["engine.js"] ? [shared, withLibsodium(sodium)] : [],
    absWorkingDir: root,
    entryPoints: [entry],
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    // The newest thing that the page cannot do without is `Array.prototype.toSorted`.
    target: ["safari16", "chrome110", "firefox115"],
    charset: "utf8",
    legalComments: "eof",
    jsx: "automatic",
    jsxImportSource: "preact",
    // Emscripten's branch for Node names these; no browser takes it.
    external: ["node:*"],
    logOverride: { "empty-import-meta": "silent" },
    // A clinic that is fixed here outranks whatever a link or config.json says (docs/protocol.md, 17.1).
    define: { PINNED_CLINIC: JSON.stringify(clinic) },
    logLevel: "warning",
  });
  return outputFiles[0].contents;
}

/** Fills `{shell.js}` with a file's name and `{shell.js integrity}` with its hash. A name it does not know is an error. */
function fill(template, files) {
  return template.replaceAll(/\{([\w.]+)( integrity)?\}/g, (_, name, integrity) => {
    const file = files.get(name);
    if (file === undefined) throw new Error(`index.html names ${name}, which this build does not make`);
    return integrity ? `sha384-${digest("sha384", file, "base64")}` : name;
  });
}

/** Packed as well as can be, once and here: whoever serves the page spends no processor's time on it. */
function packed(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return [
    [".br", brotliCompressSync(bytes, { params })],
    [".gz", gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION })],
  ];
}

/** `clinic`: the fingerprint, in hex, of the one clinic that the build is for; "" for any. */
export async function buildPage(folder, clinic = "") {
  if (!/^([0-9a-f]{64})?$/.test(clinic)) throw new Error("SEALDESK_CLINIC is not a clinic's fingerprint: 64 hex digits");
  const [files, sodium] = [new Map(), await libsodium()];
  for (const [name, entry] of Object.entries(ENTRIES)) files.set(name, await bundle(entry, clinic, sodium));
  files.set("sodium.wasm", sodium.wasm);
  for (const name of STATIC) files.set(name, await readFile(join(root, "src", name)));
  const template = await readFile(join(root, "index.html"), "utf8");
  files.set("index.html", Buffer.from(fill(template, files)));

  const hashes = [...files].map(([name, bytes]) => [name, digest("sha256", bytes, "hex")]);
  files.set("manifest.json", Buffer.from(`${JSON.stringify({ sha256: Object.fromEntries(hashes) }, null, 2)}\n`));

  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) {
    await writeFile(join(folder, name), bytes);
    for (const [ending, fewer] of packed(bytes)) await writeFile(join(folder, name + ending), fewer);
  }
}

if (import.meta.main) await buildPage(join(root, "dist"), process.env.SEALDESK_CLINIC ?? "");
