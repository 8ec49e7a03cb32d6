/** A push service of our own on loopback, as the relay sees it: it keeps what it was asked. */
import { type IncomingHttpHeaders, type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Push {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export class PushService {
  readonly #server: Server;
  readonly asked: Push[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        response.writeHead(201).end();
        this.asked.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(parts).toString() });
      });
    });
  }

  static async open(): Promise<PushService> {
    const service = new PushService();
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
