// Builds the page into dist/: two self-contained scripts, a stylesheet, index.html and the manifest of their hashes.
// The same sources give the same bytes on every machine, so that a stranger can compare a served page with a build.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));

// WebKit ignores the integrity of modules that a module imports. Two scripts without an import between them keep it.
const STATIC = ["icon.svg"];
const ENTRIES = { "shell.js": "src/main.tsx", "sodium.js": "src/sodium.ts", "page.css": "src/page.css" };

const digest = (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding);

async function bundle(entry, clinic) {
  const { outputFiles } = await build({
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

/** `clinic`: the fingerprint, in hex, of the one clinic that the build is for; "" for any. */
export async function buildPage(folder, clinic = "") {
  if (!/^([0-9a-f]{64})?$/.test(clinic)) throw new Error("SEALDESK_CLINIC is not a clinic's fingerprint: 64 hex digits");
  const files = new Map();
  for (const [name, entry] of Object.entries(ENTRIES)) files.set(name, await bundle(entry, clinic));
  for (const name of STATIC) files.set(name, await readFile(join(root, "src", name)));
  const template = await readFile(join(root, "index.html"), "utf8");
  files.set("index.html", Buffer.from(fill(template, files)));

  const hashes = [...files].map(([name, bytes]) => [name, digest("sha256", bytes, "hex")]);
  files.set("manifest.json", Buffer.from(`${JSON.stringify({ sha256: Object.fromEntries(hashes) }, null, 2)}\n`));

  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
}

if (import.meta.main) await buildPage(join(root, "dist"), process.env.SEALDESK_CLINIC ?? "");
