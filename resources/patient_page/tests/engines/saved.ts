/** A file that a browser saves into a folder of its own. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const [PATIENCE, GLANCE] = [20_000, 50];

/** The path of what is there after `press` and was not before, once it grows no more. */
export async function newFile(folder: string, press: () => Promise<void>): Promise<string> {
  const before = new Set(await readdir(folder));
  await press();
  let size = 0;
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, GLANCE))) {
    const name = (await readdir(folder)).find((one) => !before.has(one) && !/\.(part|wkdownload)$/.test(one));
    if (name === undefined) continue;
    const now = (await stat(join(folder, name))).size;
    if (now > 0 && now === size) return join(folder, name);
    size = now;
  }
  throw new Error("nothing was saved");
}
