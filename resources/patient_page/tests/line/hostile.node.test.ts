/** A relay that lies, a disk that fails or is set back, a device that is revoked. The relay is real; its answers are bent on their way. */
import "../support/sodium";

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";

import { compareBytes, decode, encode, toHex } from "../../src/protocol/encoding";
import { judged } from "../../src/inbound";
import { Ledger } from "../../src/ledger";
import { type Joined, isJoined, ownDevice } from "../../src/outbound";
import type { Message } from "../../src/protocol/content";
import { sendingSession } from "../../src/protocol/session";
import { rowsOf } from "../../src/transcript";
import { memberOf } from "../../src/transparency/roster";
import { VaultError } from "../../src/storage";
import { LOG_PAGE, type LogPage, TAKEN } from "../../src/wire";
import { TABLES } from "../../src/words";
import { BIRTH_DATE, Clinic, type Invited } from "../support/clinic";
import { type Bend, bent, isEnvelope } from "../support/frames";
import { PATIENCE, Patient, admitted, isMessage } from "../support/patient";

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
});
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

/** Puts in the place of each of the stream's frames those that `change` gives for it. */
function stir(change: Bend): void {
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    const response = await realFetch(url, init);
    if (!url.includes("/v1/envelopes?") || !response.ok) return response;
    return new Response(response.body?.pipeThrough(bent(change)) ?? null, { status: response.status });
  });
}

const unreachable = async (): Promise<never> => Promise.reject(new TypeError("no network"));

const sift = (passes: (frame: Uint8Array) => boolean): void => stir((frame) => (passes(frame) ? [frame] : []));

describe("a relay that lies", () => {
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

  test("a page is closed at once, also while the relay keeps it waiting", async () => {
    const patient = await comes();
    const asked = new Promise<void>((resolve) => {
      vi.stubGlobal("fetch", async (url: string, { signal }: { readonly signal: AbortSignal }) => {
        // Asked anew by whoever connects anew.
        if (url.includes("/log?")) resolve();
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
      });
    });
    patient.line.wake();
    await asked;
    const began = Date.now();
    await patient.closePage();
    // Half of what one answer is waited for.
    expect(Date.now() - began).toBeLessThan(15_000);
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
    // Longer than a place in the queue, which may come at any moment: withholding that would leave no gap.
    const long = "withheld ".repeat(200);
    let withheld = 0;
    sift((frame) => {
      if (withheld > 0 || !isEnvelope(frame) || frame.length < long.length) return true;
      withheld += 1;
      return false;
    });
    patient.line.wake();
    await patient.until("a new stream", ({ connection }) => connection === "online");
    await clinic.ask("send", { desk: "Ana", conversation, text: long });
    await clinic.ask("send", { desk: "Ana", conversation, text: "shown" });
    await patient.message("shown", "received");
    await patient.until("the gap", ({ rows }) => rows.find((row) => row.kind === "gap" && row.count === 1));
    expect(patient.texts()).not.toContain(long);
  });

  test("what is repeated is shown once, and answered with the same receipt", async () => {
    const patient = await comes();
    await patient.line.send("say it");
    await patient.message("say it", "delivered");
    const conversation = await clinic.heard("Ana", "say it");
    const before = patient.store.copy();
    // A receipt that left in time would end the repetition.
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => (url.endsWith("/v1/receipts") ? unreachable() : realFetch(url, init)));
    await clinic.ask("send", { desk: "Ana", conversation, text: "twice" });
    await patient.message("twice", "received");
    await patient.closePage();
    vi.unstubAllGlobals();
    patient.store = before;
    await patient.openPage();
    await patient.message("twice", "received");
    expect(patient.texts().filter((text) => text === "twice")).toHaveLength(1);
    await clinic.ask("delivery", { desk: "Ana", text: "twice", wanted: "delivered" });
  });

  test("what comes in another order, and twice, is shown in its own order, and once", async () => {
    const patient = await comes();
    await patient.line.send("in order");
    await patient.message("in order", "delivered");
    const conversation = await clinic.heard("Ana", "in order");
    // Longer than a place in the queue, which may come at any moment and is none of the three.
    const texts = ["first", "second", "third"].map((text) => text.padEnd(1_800, "."));
    const held: Uint8Array[] = [];
    stir((frame) => {
      if (!isEnvelope(frame) || frame.length < 1_800) return [frame];
      held.push(frame);
      return held.length === 3 ? [...held.toReversed(), ...held] : held.length < 3 ? [] : [frame];
    });
    // It ends the stream there was at once: nothing more comes by that.
    patient.line.wake();
    for (const text of texts) await clinic.ask("send", { desk: "Ana", conversation, text });
    for (const text of texts) await patient.message(text, "received");
    expect(held).toHaveLength(3);
    expect(patient.texts()).toEqual(["in order", ...texts]);
    expect(patient.view).toMatchObject({ problem: null });
    expect(patient.view.rows.filter(({ kind }) => kind === "gap")).toEqual([]);
    vi.unstubAllGlobals();
    await patient.line.send("and on");
    await patient.message("and on", "delivered");
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

/** What lies on the disk, read as the page reads it. */
async function memoryOf(patient: Patient): Promise<Joined> {
  const { memory } = await Ledger.open(patient.store.copy());
  if (!isJoined(memory)) throw new Error("nobody has joined");
  return memory;
}

/** No device of the clinic whose mailbox `hides` says so has prekeys to be had. */
function withhold(hides: (mailbox: string) => boolean): void {
  bend("/v1/prekeys/take", (body) =>
    encode(TAKEN, decode(TAKEN, body).map(({ mailbox, bundle }) => ({ mailbox, bundle: hides(toHex(mailbox)) ? null : bundle }))),
  );
}

const by = (author: Uint8Array): Message => ({ content: { author } }) as unknown as Message;

/** A patient whose clock a test moves, up to the two questions. */
async function questioned(ahead: { by: number }): Promise<{ readonly patient: Patient; readonly invited: Invited }> {
  const invited = await clinic.invite("Ana");
  const patient = new Patient(undefined, () => Date.now() + ahead.by);
  patients.push(patient);
  await patient.openPage();
  await patient.press(clinic, invited.link);
  await patient.agree();
  return { patient, invited };
}

/** As soon as the desks have met: whoever invites names as checkers those that it has a session with. */
const byTwoCheckers = (ahead: { by: number }) =>
  vi.waitFor(async () => {
    const questions = await questioned(ahead);
    expect((await memoryOf(questions.patient)).line.checkers).toHaveLength(2);
    return questions;
  }, PATIENCE);

describe("checkers that are silent", () => {
  test("one that cannot be written to is followed by the next", async () => {
    const ahead = { by: 0 };
    // From before the joining on, since sessions begin with it.
    let hidden: string | undefined;
    withhold((one) => hidden === undefined || one === hidden);
    const { patient, invited } = await byTwoCheckers(ahead);
    const { line, log } = await memoryOf(patient);
    const first = line.checkers[0]?.checker ?? new Uint8Array();
    const mailbox = toHex(memberOf(log.log.roster, first as never)?.certificate.mailbox ?? new Uint8Array());
    hidden = mailbox;
    await patient.line.answer(invited.code, BIRTH_DATE);
    await vi.waitFor(async () => expect((await memoryOf(patient)).intents.size).toBe(0), PATIENCE);
    expect(patient.view).toMatchObject({ screen: "checking", silent: false });
    ahead.by = 21_000;
    await patient.reload();
    await patient.screen("chat");
    expect(patient.view.level).toBe(2);
  });

  test("when nobody can be reached the patient may write, and is checked later", async () => {
    const ahead = { by: 0 };
    withhold(() => true);
    const { patient, invited } = await questioned(ahead);
    await patient.line.answer(invited.code, BIRTH_DATE);
    expect(patient.view).toMatchObject({ screen: "checking", silent: false });
    ahead.by = 21_000;
    await patient.reload();
    await patient.until("silence", ({ silent }) => silent);
    patient.line.talkAnyway();
    expect(patient.view).toMatchObject({ screen: "chat", unchecked: true, level: 0 });
    await patient.line.send("is anybody there?");
    expect(patient.view.rows).toMatchObject([{ text: "is anybody there?", delivery: "queued" }]);
    vi.unstubAllGlobals();
    patient.line.wake();
    await patient.message("is anybody there?", "delivered");
    await patient.until("the check", ({ level, unchecked }) => level === 2 && !unchecked);
  });

  test("a verdict counts from the checker that was asked, over the handshake in which it was", async () => {
    const ahead = { by: 0 };
    const { patient, invited } = await byTwoCheckers(ahead);
    sift((frame) => !isEnvelope(frame));
    await patient.line.answer(invited.code, BIRTH_DATE);
    await vi.waitFor(async () => expect((await memoryOf(patient)).line.tries).toHaveLength(1), PATIENCE);
    const memory = await memoryOf(patient);
    const { line } = memory;
    const [asked] = line.tries;
    const [, other] = line.checkers;
    if (asked === undefined || other === undefined) throw new Error("two checkers");
    const verdict = { kind: "verdict", patient: ownDevice(memory), transcript: asked.transcript, outcome: "passed", level: 2, triesLeft: 0 } as const;
    expect(judged(line, by(other.checker), verdict)).toBe(line);
    expect(judged(line, by(ownDevice(memory)), verdict)).toBe(line);
    expect(judged(line, by(asked.checker), { ...verdict, transcript: new Uint8Array(32) as never })).toBe(line);
    expect(judged(line, by(asked.checker), verdict)).toMatchObject({ stage: "open", level: 2, secret: null, answers: null });
  });
});

describe("what others send", () => {
  test("a time that no calendar has is shown as the last that one has", async () => {
    const patient = await comes();
    await patient.line.send("when?");
    await patient.message("when?", "delivered");
    const memory = await memoryOf(patient);
    const late = [...memory.said].map(([name, one]) => {
      const content = { ...one.message.content, time: Number.MAX_SAFE_INTEGER };
      return [name, { ...one, message: { ...one.message, content } }] as const;
    });
    const rows = rowsOf({ ...memory, said: new Map(late) });
    expect(rows).toHaveLength(1);
    for (const row of rows) expect(() => isMessage(row) && new Date(row.time).toISOString()).not.toThrow();
  });

  test("a photo that the relay refuses has failed, holds up nothing that is said after it, and is sent by another try", async () => {
    const patient = await comes();
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) =>
      url.includes("/v1/blobs/") ? Response.json({ type: "urn:sealdesk:problem:limit-exceeded" }, { status: 413 }) : realFetch(url, init),
    );
    await patient.line.sendFile(new Uint8Array(900), "photo.jpg", "image/jpeg", "the photo");
    await patient.line.send("after it");
    await patient.message("after it", "delivered");
    const { key } = await patient.message("the photo", "failed");
    await patient.reload();
    await patient.message("the photo", "failed");
    vi.unstubAllGlobals();
    await patient.line.retry(key);
    expect(await patient.message("the photo", "delivered")).toMatchObject({ kind: "file" });
  });
});

describe("a new phone", () => {
  test("gets the earlier messages once it is checked and not before, and the earlier phone is told", async () => {
    const [before, after] = [await comes(), await comes()];
    await before.line.send("on the old phone");
    await before.message("on the old phone", "delivered");
    const first = await clinic.heard("Ana", "on the old phone");
    await clinic.ask("send", { desk: "Ana", conversation: first, text: "an old answer" });
    await before.message("an old answer", "received");
    await after.line.send("on the new phone");
    await after.message("on the new phone", "delivered");
    const conversation = await clinic.heard("Ana", "on the new phone");
    await clinic.ask("send_history", { desk: "Ana", conversation, earlier: first });
    await vi.waitFor(async () => expect(await clinic.ask("notices", { desk: "Ana" })).toContain("The earlier messages were not sent."), PATIENCE);
    await clinic.ask("check", { desk: "Ana", conversation });
    await clinic.ask("send_history", { desk: "Ana", conversation, earlier: first });
    await after.until("the mark", ({ rows }) => rows.some((row) => row.kind === "mark"));
    expect(after.texts()).toEqual(["on the old phone", "an old answer", "on the new phone"]);
    await before.until("word of it", ({ rows }) => rows.some((row) => row.kind === "mark" && row.mark === "copied"));
    await after.reload();
    expect(after.texts()).toEqual(["on the old phone", "an old answer", "on the new phone"]);
  });

  test("gets a conversation of more messages than one event holds whole and in order, with its photo", async () => {
    const [before, after] = [await comes(), await comes()];
    const said = Array.from({ length: 52 }, (_, i) => `message ${i} of many`);
    for (const text of said) await before.line.send(text);
    const photo = Uint8Array.from({ length: 5_000 }, (_, i) => i % 251);
    await before.line.sendFile(photo, "photo.jpg", "image/jpeg", "");
    await before.message("", "delivered");
    const first = await clinic.heard("Ana", "message 51 of many");
    await after.line.send("on another phone");
    const conversation = await clinic.heard("Ana", "on another phone");
    await clinic.ask("heard_file", { desk: "Ana", conversation: first });
    await clinic.ask("check", { desk: "Ana", conversation });
    await clinic.ask("send_history", { desk: "Ana", conversation, earlier: first });
    await after.until("the photo", ({ rows }) => rows.some((row) => row.kind === "file"));
    expect(after.texts()).toEqual([...said, "", "on another phone"]);
    const [file] = after.view.rows.flatMap((row) => (row.kind === "file" && row.file !== null ? [row.file] : []));
    if (file === undefined) throw new Error("no file");
    expect(await after.line.file(file)).toEqual(photo);
    // Two events at the least: one holds the opening and 49 more.
    const { said: held } = await memoryOf(after);
    expect([...held.values()].filter(({ message }) => message.content.event.kind === "earlier").length).toBeGreaterThan(1);
  });
});

describe("a session's renewal", () => {
  test("after seven days and after 200 messages both go on in a new one, and lose nothing", async () => {
    const ahead = { by: 0 };
    for (let isHigher = false; !isHigher; ) {
      const { patient, invited } = await questioned(ahead);
      await patient.line.answer(invited.code, BIRTH_DATE);
      await patient.screen("chat");
      const memory = await memoryOf(patient);
      const ana = (await memoryOf(patient)).line.checkers[0]?.checker ?? new Uint8Array();
      // The higher of the two offers: here it has to be the page, whose clock we move.
      isHigher = compareBytes(ownDevice(memory), ana) > 0;
      if (!isHigher) continue;
      await patient.line.send("the first of many");
      await patient.message("the first of many", "delivered");
      const conversation = await clinic.heard("Ana", "the first of many");
      const sessionOf = async (): Promise<string> => {
        const peer = (await memoryOf(patient)).peers.get(toHex(ana));
        return toHex((peer === undefined ? undefined : sendingSession(peer))?.id ?? new Uint8Array());
      };
      const before = await sessionOf();
      ahead.by = 8 * DAY;
      await patient.reload();
      await patient.line.send("day nine");
      await patient.message("day nine", "delivered");
      for (const turn of ["a", "b", "c"]) {
        await clinic.ask("send", { desk: "Ana", conversation, text: `answer ${turn}` });
        await patient.message(`answer ${turn}`, "received");
        await patient.line.send(`word ${turn}`);
        await patient.message(`word ${turn}`, "delivered");
      }
      const second = await sessionOf();
      expect(second).not.toBe(before);
      ahead.by = 0;
      await patient.reload();
      for (let i = 0; i < 210; i += 1) await patient.line.send(`number ${i}`);
      await patient.message("number 209", "delivered");
      for (const turn of ["d", "e", "f"]) {
        await clinic.ask("send", { desk: "Ana", conversation, text: `answer ${turn}` });
        await patient.message(`answer ${turn}`, "received");
        await patient.line.send(`word ${turn}`);
        await patient.message(`word ${turn}`, "delivered");
      }
      expect(await sessionOf()).not.toBe(second);
      await clinic.heard("Ana", "word f");
      const heard = (await clinic.ask<readonly string[]>("texts", { desk: "Ana" })).filter((text) => text.startsWith("number "));
      expect(heard).toEqual(Array.from({ length: 210 }, (_, i) => `number ${i}`));
      expect(patient.view.rows.filter(({ kind }) => kind === "gap")).toEqual([]);
    }
  });
});

describe("a clock that is wrong by a day", () => {
  test("ahead, it keeps nobody out", async () => {
    const { patient, invited } = await questioned({ by: DAY });
    await patient.line.answer(invited.code, BIRTH_DATE);
    await patient.screen("chat");
    await patient.line.send("tomorrow");
    await patient.message("tomorrow", "delivered");
    expect(patient.view).toMatchObject({ level: 2, problem: null });
  });

  test("behind, it stops before the link is used, and the same press works once it is right", async () => {
    let behind = DAY;
    const invited = await clinic.invite("Ana");
    const patient = new Patient(undefined, () => Date.now() - behind);
    patients.push(patient);
    await patient.openPage();
    await patient.press(clinic, invited.link);
    expect(patient.view.problem).toBe("log.stale");
    expect(TABLES.en.problems["log.stale"].text).toContain("the date on this phone is wrong");
    behind = 0;
    await patient.press(clinic, invited.link);
    expect(patient.view).toMatchObject({ screen: "consent", problem: null });
  });
});

describe("a network that buffers", () => {
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
    // The eight seconds for its first frame are over at once.
    const later = globalThis.setTimeout;
    vi.stubGlobal("setTimeout", (run: () => void, time: number) => later(run, time === 8_000 ? 0 : time));
    patient.line.wake();
    await clinic.ask("send", { desk: "Ana", conversation, text: "through a proxy" });
    await patient.message("through a proxy", "received");
    await patient.line.send("and back");
    await patient.message("and back", "delivered");
    expect(asked.filter((url) => url.includes("wait=25"))).not.toEqual([]);
  });
});

describe("a disk that fails", () => {
  test("a full one keeps no message, says so to whoever wrote it, and erases all the same", async () => {
    const patient = await comes();
    // Nothing else writes meanwhile: no receipt comes, and none that was signed before is noted as sent.
    vi.stubGlobal("fetch", unreachable);
    await patient.reload();
    patient.store.diesAt = 0;
    await expect(patient.line.send("no room")).rejects.toThrow(new VaultError("denied"));
    expect(patient.texts()).toEqual([]);
    patient.store.diesAt = Number.POSITIVE_INFINITY;
    await patient.line.send("room again");
    expect(patient.texts()).toEqual(["room again"]);
    patient.store.diesAt = 0;
    await patient.line.endAndErase();
    expect([patient.view.screen, patient.view.told]).toEqual(["erased", false]);
    expect(patient.store.size).toBe(0);
  });

  test("a full one at the doors is told on the screen", async () => {
    const { patient, invited } = await questioned({ by: 0 });
    patient.store.diesAt = 0;
    await patient.line.answer(invited.code, BIRTH_DATE);
    expect(patient.view.problem).toBe("storage-denied");
  });

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

describe("a desk that is revoked", () => {
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
