// Starts peer.ts in Node: bundled in memory, so that nothing is left behind and nothing stale is run.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("peer.ts", import.meta.url))],
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  logLevel: "error",
});
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
