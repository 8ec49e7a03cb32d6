/** A clinic's own web space: files, no headers, another origin than the relay's. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml", json: "application/json", wasm: "application/wasm" };

export class Host {
  readonly #server: Server;
  /** Of the page's files; nothing is served before it is named. */
  folder = "";

  private constructor() {
    this.#server = createServer((request, response) => {
      const name = basename(new URL(request.url ?? "/", "http://host").pathname) || "index.html";
      const answer = async (): Promise<void> => {
        const path = join(this.folder, name);
        // A browser asks for it by itself where it shows a file without a page.
        if (name === "favicon.ico") return void response.writeHead(204).end();
        if (!existsSync(path)) return void response.writeHead(404).end();
        response.writeHead(200, { "Content-Type": TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream" }).end(await readFile(path));
      };
      void answer();
    });
  }

  static async open(): Promise<Host> {
    const host = new Host();
    await new Promise<void>((resolve) => host.#server.listen(0, "127.0.0.1", resolve));
    return host;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The same by a name: a passkey is bound to one, and to no address. */
  get namedOrigin(): string {
    return this.origin.replace("127.0.0.1", "localhost");
  }

  /** The link, with the page here and not at the relay. */
  linkHere(link: string, origin = this.origin): string {
    return `${origin}/${new URL(link).hash}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
