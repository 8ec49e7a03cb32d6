/** A relay that lies, a disk that fails or is set back, a device that is revoked. The relay is real; its answers are bent on their way. */
import "../support/sodium";

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";

import { decode, encode } from "../../src/protocol/encoding";
import { VaultError } from "../../src/vault";
import { LOG_PAGE, type LogPage } from "../../src/wire";
import { BIRTH_DATE, Clinic, type Invited } from "../support/clinic";
import { Patient, admitted } from "../support/patient";

const DAY = 86_400_000;

let clinic: Clinic;
let patients: Patient[] = [];
const realFetch = globalThis.fetch;

/** What the relay showed when Ben had not been admitted yet. */
let earlier: LogPage;

beforeAll(async () => {
  clinic = await Clinic.found("Harbour Clinic", ["Ana"]);
  const page = await realFetch(`${clinic.founded.origin}/v1/clinics/${clinic.founded.clinic}/log?from=0`);
  earlier = decode(LOG_PAGE, new Uint8Array(await page.arrayBuffer()));
  await clinic.ask("add_desk", { name: "Ben" });
}, 60_000);
afterAll(() => clinic.end());
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const patient of patients) await patient.closePage();
  patients = [];
});

async function comes(): Promise<Patient> {
  const patient = await admitted(clinic, await clinic.invite("Ana"));
  patients.push(patient);
  return patient;
}

/** Changes what the relay answers under a path. */
function bend(path: string, change: (body: Uint8Array) => Uint8Array): void {
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    const response = await realFetch(url, init);
    if (!url.includes(path) || !response.ok) return response;
    const body = change(new Uint8Array(await response.arrayBuffer()));
    return new Response(body as Uint8Array<ArrayBuffer>, { status: response.status });
  });
}

/** Lets through what `passes` lets through of the stream's frames, counted from 0. */
function sift(passes: (frame: Uint8Array) => boolean): void {
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    const response = await realFetch(url, init);
    if (!url.includes("/v1/envelopes?") || !response.ok) return response;
    let rest = new Uint8Array(0);
    const sieve = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        rest = new Uint8Array(Buffer.concat([rest, chunk]));
        while (rest.length >= 4 && rest.length >= 4 + new DataView(rest.buffer).getUint32(0)) {
          const end = 4 + new DataView(rest.buffer).getUint32(0);
          const frame = rest.slice(0, end);
          rest = rest.slice(end);
          if (passes(frame)) controller.enqueue(frame);
        }
      },
    });
    return new Response(response.body?.pipeThrough(sieve) ?? null, { status: response.status });
  });
}

const isEnvelope = (frame: Uint8Array): boolean => Buffer.from(frame.subarray(5, 14)).toString() === "\xa8envelope" || Buffer.from(frame).includes("envelope");

describe("a relay that lies", { timeout: 60_000 }, () => {
  test("an older head of the clinic log is an alarm, and outlives a reload", async () => {
    const patient = await comes();
    await patient.closePage();
    patient.store = patient.store.copy();
    // The relay did sign this once: a day later it hides whoever was admitted, or revoked, since.
    bend("/log?from=", () => encode(LOG_PAGE, { ...earlier, statements: [] }));
    await patient.openPage();
    await patient.until("an alarm", ({ problem }) => problem === "log.rolled-back");
    vi.unstubAllGlobals();
    await patient.reload();
    expect(patient.view.problem).toBe("log.rolled-back");
    await patient.closePage();
    patient.store = patient.store.copy();
    await clinic.ask("clear_alarms");
    await patient.openPage();
    await patient.screen("chat");
    await patient.line.send("after the alarm");
    await patient.message("after the alarm", "delivered");
  });

  test("another past of the clinic log stops what was about to be sent", async () => {
    const patient = await comes();
    await patient.line.send("before");
    await patient.message("before", "delivered");
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      if (!url.endsWith("/v1/envelopes")) return realFetch(url, init);
      const document = { type: "urn:sealdesk:problem:log-forked", title: "Conflict", status: 409 };
      return Response.json(document, { status: 409 });
    });
    await patient.line.send("never sent");
    await patient.until("an alarm", ({ problem }) => problem === "log.forked");
    vi.unstubAllGlobals();
    await patient.reload();
    expect(patient.view.problem).toBe("log.forked");
    expect(await clinic.ask<readonly string[]>("texts", { desk: "Ana" })).not.toContain("never sent");
  });

  test("another clinic's log under this clinic's name is refused before the link is redeemed", async () => {
    const other = await Clinic.found("Another Clinic", []);
    const invited = await clinic.invite("Ana");
    const page = await realFetch(`${other.founded.origin}/v1/clinics/${other.founded.clinic}/log?from=0`);
    const answer = new Uint8Array(await page.arrayBuffer());
    await other.end();
    bend("/log?from=", () => answer);
    const patient = new Patient();
    patients.push(patient);
    await patient.openPage();
    await patient.press(clinic, invited.link);
    expect(patient.view.screen).toBe("problem");
    vi.unstubAllGlobals();
    // The link is as good as it was.
    patients.push(await admitted(clinic, invited));
  });

  test("a configuration that no administrator signed is refused", async () => {
    const invited = await clinic.invite("Ana");
    const honest = clinic.founded;
    const file = JSON.parse(honest.config) as { signature: string };
    const flipped = Buffer.from(file.signature, "base64");
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    clinic.founded = { ...honest, config: JSON.stringify({ ...file, signature: flipped.toString("base64") }) };
    const patient = new Patient();
    patients.push(patient);
    await patient.openPage();
    await patient.press(clinic, invited.link);
    clinic.founded = honest;
    expect(patient.view.problem).toBe("config");
  });

  test("a message that is withheld shows as a gap once the next has come", async () => {
    const patient = await comes();
    await patient.line.send("hello");
    await patient.message("hello", "delivered");
    const conversation = await clinic.heard("Ana", "hello");
    let withheld = 0;
    sift((frame) => {
      if (withheld > 0 || !isEnvelope(frame)) return true;
      withheld += 1;
      return false;
    });
    patient.line.wake();
    await patient.until("a new stream", ({ connection }) => connection === "online");
    await clinic.ask("send", { desk: "Ana", conversation, text: "withheld" });
    await clinic.ask("send", { desk: "Ana", conversation, text: "shown" });
    await patient.message("shown", "received");
    await patient.until("the gap", ({ rows }) => rows.find((row) => row.kind === "gap" && row.count === 1));
    expect(patient.texts()).not.toContain("withheld");
  });

  test("what is repeated is shown once, and answered with the same receipt", async () => {
    const patient = await comes();
    await patient.line.send("say it");
    await patient.message("say it", "delivered");
    const conversation = await clinic.heard("Ana", "say it");
    const before = patient.store.copy();
    await clinic.ask("send", { desk: "Ana", conversation, text: "twice" });
    await patient.message("twice", "received");
    await patient.closePage();
    patient.store = before;
    await patient.openPage();
    await patient.message("twice", "received");
    expect(patient.texts().filter((text) => text === "twice")).toHaveLength(1);
    await clinic.ask("delivery", { desk: "Ana", text: "twice", wanted: "delivered" });
  });

  test("nobody who vouches for 14 days stops everything, three days are a warning", async () => {
    let ahead = 0;
    const invited = await clinic.invite("Ana");
    const patient = new Patient(undefined, () => Date.now() + ahead);
    patients.push(patient);
    await patient.openPage();
    await patient.press(clinic, invited.link);
    await patient.agree();
    await patient.line.answer(invited.code, BIRTH_DATE);
    await patient.screen("chat");
    expect(patient.view.stale).toBe(false);
    ahead = 4 * DAY;
    await patient.reload();
    await patient.until("a warning", ({ stale }) => stale);
    ahead = 15 * DAY;
    await patient.reload();
    await patient.until("a stop", ({ problem }) => problem === "log.stale");
  });
});

describe("a network that buffers", { timeout: 60_000 }, () => {
  test("is polled, once its stream has shown nothing", async () => {
    const patient = await comes();
    await patient.line.send("behind a proxy");
    await patient.message("behind a proxy", "delivered");
    const conversation = await clinic.heard("Ana", "behind a proxy");
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      if (url.includes("/v1/envelopes?")) asked.push(url);
      if (!url.includes("/v1/envelopes?") || url.includes("wait=")) return realFetch(url, init);
      // A proxy that hands nothing on before the end.
      const silent = new ReadableStream({
        start: (controller) => init?.signal?.addEventListener("abort", () => controller.error(new DOMException("aborted", "AbortError"))),
      });
      return new Response(silent);
    });
    patient.line.wake();
    await clinic.ask("send", { desk: "Ana", conversation, text: "through a proxy" });
    await patient.message("through a proxy", "received");
    await patient.line.send("and back");
    await patient.message("and back", "delivered");
    expect(asked.filter((url) => url.includes("wait=25"))).not.toEqual([]);
  });
});

describe("a disk that fails", { timeout: 120_000 }, () => {
  test("a battery that ends between any two steps loses nothing and says nothing twice", async () => {
    let died = true;
    let steps = 0;
    for (let step = 1; died; step += 1) {
      steps = step;
      const invited = await clinic.invite("Ana");
      const patient = new Patient();
      patient.store.diesAt = step;
      await patient.openPage();
      died = (await walk(patient, invited, `step ${step}`)) === "problem";
      await patient.closePage();
      patient.store = patient.store.copy();
      await patient.openPage();
      expect(await walk(patient, invited, `step ${step}`)).toBe("delivered");
      expect(patient.texts()).toEqual([`step ${step}`]);
      expect(patient.view.rows).toHaveLength(1);
      await patient.closePage();
      await clinic.heard("Ana", `step ${step}`);
      expect((await clinic.ask<readonly string[]>("texts", { desk: "Ana" })).filter((text) => text === `step ${step}`)).toHaveLength(1);
    }
    // Keys, joined, consent, answers, sessions, open, accepted, verdict, text, accepted, delivered, and what lies between.
    expect(steps).toBeGreaterThan(11);
  });

  test("a disk that was set back to an earlier day shakes hands anew and goes on", async () => {
    const patient = await comes();
    await patient.line.send("day one");
    await patient.message("day one", "delivered");
    const conversation = await clinic.heard("Ana", "day one");
    const backup = patient.store.copy();
    await patient.reload();
    await patient.until("online", ({ connection }) => connection === "online");
    await patient.closePage();
    patient.store = backup;
    await patient.openPage();
    await patient.until("online", ({ connection }) => connection === "online");
    await clinic.ask("send", { desk: "Ana", conversation, text: "are you back?" });
    await patient.message("are you back?", "received");
    await patient.line.send("yes, back");
    await patient.message("yes, back", "delivered");
    expect(await clinic.heard("Ben", "yes, back")).toBe(conversation);
  });
});

/** From wherever the page stands to a message that was delivered. */
async function walk(patient: Patient, invited: Invited, text: string): Promise<"delivered" | "problem"> {
  if (patient.view.screen === "start") await patient.press(clinic, invited.link);
  try {
    if (patient.view.screen === "consent") await patient.agree();
    if (patient.view.screen === "check") await patient.line.answer(invited.code, BIRTH_DATE);
    await patient.until("the chat or a fault", ({ screen }) => screen === "chat" || screen === "problem");
    if (patient.view.screen === "chat" && !patient.texts().includes(text)) await patient.line.send(text);
  } catch (error) {
    if (error instanceof VaultError) return "problem";
    throw error;
  }
  return patient.until("it is delivered or fails", ({ screen, rows }) => {
    if (screen === "problem") return "problem";
    return rows.some((row) => row.kind === "text" && row.text === text && row.delivery === "delivered") && "delivered";
  });
}

describe("a desk that is revoked", { timeout: 60_000 }, () => {
  test("hears no message after it, while the others go on", async () => {
    const patient = await comes();
    await patient.line.send("to both");
    await patient.message("to both", "delivered");
    await clinic.heard("Ben", "to both");
    const conversation = await clinic.heard("Ana", "to both");
    await clinic.ask("revoke", { desk: "Ben" });
    await patient.line.send("to Ana alone");
    await patient.message("to Ana alone", "delivered");
    await clinic.heard("Ana", "to Ana alone");
    await clinic.ask("send", { desk: "Ana", conversation, text: "heard" });
    await patient.message("heard", "received");
    expect(await clinic.ask<readonly string[]>("texts", { desk: "Ben" })).not.toContain("to Ana alone");
  });
});
