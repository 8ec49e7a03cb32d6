/** A real clinic for tests in Node: relay, administrator and desks, by clinic.py. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Interface, createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { buildPage } from "../../build.mjs";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));

export interface Founded {
  readonly origin: string;
  readonly clinic: string;
  readonly config: string;
}

export interface Invited {
  readonly link: string;
  readonly code: string;
}

export const BIRTH_DATE = "1984-02-29";
/** As it is typed on the page. */
export const BORN = { day: "29", month: "2", year: "1984" } as const;

function python(): string {
  const places = [join(repository, ".venv/bin/python"), process.env["SEALDESK_PYTHON"] ?? ""];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error("Python with the project's dependencies is not in .venv: run make venv, or set SEALDESK_PYTHON");
  return found;
}

/** Questions are answered in turn. What the clinic cannot do is an error with its own words. */
export class Clinic {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;
  readonly #folder: string;
  #last: Promise<unknown> = Promise.resolve();
  founded: Founded = { origin: "", clinic: "", config: "" };

  private constructor(folder: string, pageOrigins: readonly string[]) {
    this.#folder = folder;
    const script = fileURLToPath(new URL("clinic.py", import.meta.url));
    this.#process = spawn(python(), [script, folder, join(folder, "build"), ...pageOrigins], {
      env: { ...process.env, PYTHONPATH: repository },
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (this.#process.stdout === null) throw new Error("no answers");
    this.#lines = createInterface({ input: this.#process.stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  /** `pageOrigins`: of a page that somebody else serves. `pushHost`: the one push service that its relay asks. */
  static async found(name: string, desks: readonly string[], pageOrigins: readonly string[] = [], pushHost = ""): Promise<Clinic> {
    const folder = await mkdtemp(join(tmpdir(), "sealdesk-clinic-"));
    await buildPage(join(folder, "build"));
    const clinic = new Clinic(folder, pageOrigins);
    clinic.founded = await clinic.ask<Founded>("found", { name, desks, push_host: pushHost });
    return clinic;
  }

  async ask<T = null>(what: string, details: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const asked = this.#last.then(async () => {
      this.#process.stdin?.write(`${JSON.stringify({ do: what, ...details })}\n`);
      const { value, done } = await this.#answers.next();
      if (done === true) throw new Error(`the clinic ended before it answered "${what}"`);
      return JSON.parse(value) as { readonly ok: T; readonly error?: string };
    });
    this.#last = asked.catch(() => undefined);
    const { ok, error } = await asked;
    if (error !== undefined) throw new Error(`${what}: ${error}`);
    return ok;
  }

  /** The page's build with this clinic's configuration. */
  get page(): string {
    return join(this.#folder, "page");
  }

  invite(desk: string): Promise<Invited> {
    return this.ask<Invited>("invite", { desk, name: "Pat Doe", birth_date: BIRTH_DATE });
  }

  /** The conversation in which a desk has heard that text. */
  async heard(desk: string, text: string): Promise<string> {
    return (await this.ask<{ readonly conversation: string }>("heard", { desk, text })).conversation;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.stdin?.end();
    await ended;
    this.#lines.close();
    await rm(this.#folder, { recursive: true });
  }
}
