/** The wire between a browser and the world, as a proxy: it sees every address that the browser asks for, can be cut, and can lie. */
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

import { type Bend, bent } from "../support/frames";

const OWN: ReadonlySet<string> = new Set(["127.0.0.1", "localhost"]);
/** An answer that is not the relay's: a status with what follows, or the line closed without a word. */
export type Lie = { readonly status: number; readonly body?: string | Uint8Array; readonly retryAfter?: number } | "closes";

const isStream = ({ pathname, searchParams }: URL): boolean => pathname === "/v1/envelopes" && searchParams.has("after") && !searchParams.has("wait");

export class Wire {
  readonly #server: Server;
  readonly asked: URL[] = [];
  #isCut = false;
  /** Of the relay's streams that are open. */
  readonly #streams = new Set<Readable>();
  /** What becomes of each frame of the relay's streams that are opened from now on. */
  bend: Bend | undefined;
  /** What is answered in the relay's place; undefined where the relay's own answer goes through. */
  lie: ((asked: URL, method: string) => Lie | undefined) | undefined;

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

  /** As after a sleep: the streams that are open stay open and carry nothing more, and nobody is told. How many those are. */
  hush(): number {
    for (const stream of this.#streams) stream.unpipe();
    return this.#streams.size;
  }

  #forward(asked: IncomingMessage, answered: ServerResponse): void {
    if (this.#isCut) return void asked.socket.destroy();
    const url = new URL(asked.url ?? "");
    this.asked.push(url);
    // Only to this machine: a browser's own curiosity is recorded, and not satisfied.
    if (!OWN.has(url.hostname)) return void answered.writeHead(403).end();
    const lie = asked.method === "OPTIONS" ? undefined : this.lie?.(url, asked.method ?? "GET");
    if (lie !== undefined) return answerWith(lie, asked, answered);
    const onward = request(url, { method: asked.method ?? "GET", headers: asked.headers }, (answer) => {
      answered.writeHead(answer.statusCode ?? 502, answer.headers);
      answered.flushHeaders();
      const passed = asked.method === "GET" ? this.#bent(url, answer) : answer;
      passed.pipe(answered);
      if (isStream(url)) this.#streams.add(passed);
      answered.on("close", () => this.#streams.delete(passed));
      answer.on("error", () => answered.destroy());
    });
    onward.on("error", () => answered.destroy());
    answered.on("close", () => onward.destroy());
    asked.pipe(onward);
  }

  #bent(url: URL, answer: IncomingMessage): Readable {
    if (this.bend === undefined || !isStream(url) || answer.statusCode !== 200) return answer;
    const stream = Readable.toWeb(answer) as unknown as globalThis.ReadableStream<Uint8Array>;
    // A stream that was cut is nobody's fault.
    return Readable.fromWeb(stream.pipeThrough(bent(this.bend)) as unknown as ReadableStream).on("error", () => undefined);
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function answerWith(lie: Lie, asked: IncomingMessage, answered: ServerResponse): void {
  if (lie === "closes") return void asked.socket.destroy();
  const { status, body = "", retryAfter } = lie;
  asked.resume().on("end", () => {
    const patience = retryAfter === undefined ? {} : { "Retry-After": String(retryAfter), "Access-Control-Expose-Headers": "Retry-After" };
    answered.writeHead(status, { "Access-Control-Allow-Origin": asked.headers.origin ?? "*", ...patience }).end(body);
  });
}
