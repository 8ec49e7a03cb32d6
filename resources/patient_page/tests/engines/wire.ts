/** The wire between a browser and the world, as a proxy: it sees every address that the browser asks for, and can be cut. */
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export class Wire {
  readonly #server: Server;
  readonly asked: URL[] = [];
  #isCut = false;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (asked: IncomingMessage, answered: ServerResponse) => this.#forward(asked, answered));
    // Encrypted traffic goes nowhere: everything in the journeys is on this machine, and plain.
    server.on("connect", ({ url }, socket) => {
      this.asked.push(new URL(`https://${url ?? ""}`));
      socket.destroy();
    });
  }

  static async lay(): Promise<Wire> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Wire(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** As in a tunnel: what is open breaks, and nothing new is answered. */
  cut(): void {
    this.#isCut = true;
    this.#server.closeAllConnections();
  }

  mend(): void {
    this.#isCut = false;
  }

  #forward(asked: IncomingMessage, answered: ServerResponse): void {
    if (this.#isCut) return void asked.socket.destroy();
    const url = new URL(asked.url ?? "");
    this.asked.push(url);
    // Only to this machine: a browser's own curiosity is recorded, and not satisfied.
    if (url.hostname !== "127.0.0.1") return void answered.writeHead(403).end();
    const onward = request(url, { method: asked.method ?? "GET", headers: asked.headers }, (answer) => {
      answered.writeHead(answer.statusCode ?? 502, answer.headers);
      answered.flushHeaders();
      answer.pipe(answered);
      answer.on("error", () => answered.destroy());
    });
    onward.on("error", () => answered.destroy());
    answered.on("close", () => onward.destroy());
    asked.pipe(onward);
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
