import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { buildPage } from "../build.mjs";

const HERE = fileURLToPath(new URL("..", import.meta.url));

describe("the built page", () => {
  let workplace: string;
  let first: ReadonlyMap<string, Buffer>;

  async function built(name: string): Promise<ReadonlyMap<string, Buffer>> {
    const folder = join(workplace, name);
    await buildPage(folder);
    const names = (await readdir(folder)).toSorted();
    return new Map(await Promise.all(names.map(async (file) => [file, await readFile(join(folder, file))] as const)));
  }

  /** What a browser makes of it; the others are the same, packed. */
  const plain = (): (readonly [string, Buffer])[] => [...first].filter(([name]) => !/\.(br|gz)$/.test(name));

  function content(name: string): Buffer {
    const bytes = first.get(name);
    if (bytes === undefined) throw new Error(`the build made no ${name}`);
    return bytes;
  }

  beforeAll(async () => {
    workplace = await mkdtemp(join(tmpdir(), "sealdesk-page-"));
    first = await built("first");
  });
  afterAll(() => rm(workplace, { recursive: true }));

  test("is the same to the byte wherever it is built", async () => {
    expect(await built("elsewhere/second")).toEqual(first);
  });

  test("is the same to the byte from sources in another folder, in another time zone and language, under another umask", async () => {
    const [folder, sources] = [join(workplace, "far away"), join(workplace, "a clone/of it")];
    for (const one of ["src", "index.html", "package.json", "build.mjs", "libsodium.mjs", "webassembly.mjs", "tsconfig.json"]) await cp(join(HERE, one), join(sources, one), { recursive: true });
    await symlink(await realpath(join(HERE, "node_modules")), join(sources, "node_modules"));
    const program = `process.umask(0o077); await (await import(process.argv[1])).buildPage(process.argv[2]);`;
    const env = { ...process.env, TZ: "Asia/Kathmandu", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" };
    const script = pathToFileURL(join(sources, "build.mjs")).href;
    execFileSync(process.execPath, ["--input-type=module", "-e", program, script, folder], { cwd: workplace, env });
    const names = (await readdir(folder)).toSorted();
    expect(new Map(await Promise.all(names.map(async (file) => [file, await readFile(join(folder, file))] as const)))).toEqual(first);
  });

  test("lists every file but itself in the manifest, with its hash", () => {
    const { sha256 } = JSON.parse(content("manifest.json").toString()) as { sha256: Record<string, string> };
    const expected = plain().filter(([name]) => name !== "manifest.json");
    expect(sha256).toEqual(
      Object.fromEntries(expected.map(([name, bytes]) => [name, createHash("sha256").update(bytes).digest("hex")])),
    );
  });

  test("lies there packed twice, and unpacks to itself", () => {
    expect(plain().length).toBe(first.size / 3);
    for (const [name, bytes] of plain()) {
      expect(brotliDecompressSync(content(`${name}.br`))).toEqual(bytes);
      expect(gunzipSync(content(`${name}.gz`))).toEqual(bytes);
    }
  });

  test.for(["shell.js", "engine.js", "sodium.wasm", "page.css"])("loads %s under its integrity hash", (name) => {
    const hash = createHash("sha384").update(content(name)).digest("base64");
    expect(content("index.html").toString()).toContain(`"${name}" integrity="sha384-${hash}"`);
  });

  test("keeps the script that the first screen waits for under 25 KB, and all of it under 200 KB", () => {
    const weights = new Map(plain().map(([name]) => [name, content(`${name}.br`).length]));
    expect(weights.get("shell.js")).toBeLessThan(25_000);
    expect(weights.get("widget.js")).toBeLessThan(2_000);
    expect([...weights.values()].reduce((sum, weight) => sum + weight, 0)).toBeLessThan(200_000);
  });

  test("lets nothing but the shell and the stylesheet load before the first screen", () => {
    const [before] = content("index.html").toString().split("<template>");
    expect(before?.match(/<script|<link rel="stylesheet"/g)).toEqual(['<link rel="stylesheet"', "<script"]);
  });

  test.for(["shell.js", "engine.js", "sw.js"])("%s imports nothing and names no path of the machine that built it", (name) => {
    const script = content(name).toString();
    expect(script).not.toMatch(/\bimport\s*[({"']/);
    expect(script).not.toContain("sourceMappingURL");
    expect(script).not.toContain(process.cwd());
  });
});
