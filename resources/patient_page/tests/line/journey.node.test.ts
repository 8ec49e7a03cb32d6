import "../support/sodium";

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";

import { CONSENT_VERSION } from "../../src/words";
import { BIRTH_DATE, Clinic } from "../support/clinic";
import { Patient, admitted } from "../support/patient";

let clinic: Clinic;
let patients: Patient[];

beforeAll(async () => {
  clinic = await Clinic.found("Harbour Clinic", ["Ana", "Ben"]);
});
afterAll(() => clinic.end());
afterEach(async () => {
  for (const patient of patients) await patient.closePage();
  patients = [];
  vi.restoreAllMocks();
});
patients = [];

async function comes(): Promise<Patient> {
  const patient = await admitted(clinic, await clinic.invite("Ana"));
  patients.push(patient);
  return patient;
}

async function opens(): Promise<Patient> {
  const patient = new Patient();
  patients.push(patient);
  await patient.openPage();
  return patient;
}

describe("from the link to the chat", () => {
  test("opening the page asks nothing of the relay; the press redeems", async () => {
    const invited = await clinic.invite("Ana");
    const requests = vi.spyOn(globalThis, "fetch");
    const patient = await opens();
    expect(patient.view.screen).toBe("start");
    expect(requests).not.toHaveBeenCalled();
    await patient.press(clinic, invited.link);
    expect(patient.view.screen).toBe("consent");
    expect(new Set(patient.views.map(({ screen }) => screen))).toEqual(new Set(["start", "joining", "consent"]));
    expect(patient.view.clinic).toBe("Harbour Clinic");
    expect(CONSENT_VERSION).toBe(1);
    await patient.agree();
    expect(patient.view.screen).toBe("check");
  });

  test("a wrong code is told with the tries that are left, the right one opens the chat", async () => {
    const invited = await clinic.invite("Ana");
    const patient = await opens();
    await patient.press(clinic, invited.link);
    await patient.agree();
    await patient.line.answer("not it", BIRTH_DATE);
    const before = await patient.until("tries", ({ triesLeft }) => triesLeft);
    await patient.line.answer(invited.code, "1984-03-01");
    await patient.until("one try less", ({ triesLeft }) => triesLeft === before - 1);
    expect(patient.view.screen).toBe("check");
    await patient.line.answer(` ${invited.code} `, BIRTH_DATE);
    await patient.screen("chat");
    expect(patient.view.level).toBe(2);
  });

  test("five tries, however many devices check; then the patient is told to call, also after a reload", async () => {
    const invited = await clinic.invite("Ana");
    const patient = await opens();
    await patient.press(clinic, invited.link);
    await patient.agree();
    const left: (number | null)[] = [];
    while (patient.view.screen !== "refused" && left.length < 9) {
      await patient.line.answer("000", BIRTH_DATE);
      await patient.until("an answer", ({ screen }) => screen === "check" || screen === "refused");
      left.push(patient.view.triesLeft);
    }
    expect(left).toEqual([4, 3, 2, 1, 0]);
    await patient.reload();
    expect(patient.view.screen).toBe("refused");
    await patient.line.answer(invited.code, BIRTH_DATE);
    expect(patient.view.screen).toBe("refused");
  });

  test("the last of the five tries is as good as the first, at whichever device it falls", async () => {
    const invited = await clinic.invite("Ana");
    const patient = await opens();
    await patient.press(clinic, invited.link);
    await patient.agree();
    for (const left of [4, 3, 2, 1]) {
      await patient.line.answer("000", BIRTH_DATE);
      await patient.until(`${left} tries`, ({ triesLeft }) => triesLeft === left);
    }
    await patient.line.answer(invited.code, BIRTH_DATE);
    await patient.screen("chat");
    expect(patient.view.level).toBe(2);
  });

  test("a link is redeemed once: another phone is told to ask for a new one, and keeps nothing", async () => {
    const invited = await clinic.invite("Ana");
    patients.push(await admitted(clinic, invited));
    const thief = await opens();
    await thief.press(clinic, invited.link);
    expect(thief.view.problem).toBe("link-used");
    expect(thief.store.size).toBe(0);
  });

  test("the same phone may press again after a break between redeeming and storing", async () => {
    const invited = await clinic.invite("Ana");
    const patient = await opens();
    // Keys, then what the relay answered: the second is lost.
    patient.store.diesAt = 2;
    await patient.press(clinic, invited.link);
    expect(patient.view.screen).toBe("problem");
    await patient.closePage();
    patient.store = patient.store.copy();
    await patient.openPage();
    expect(patient.view.screen).toBe("start");
    await patient.press(clinic, null);
    expect(patient.view.screen).toBe("consent");
  });

  test("an altered link finds nothing at the clinic, and a late one is told to be late; neither leaves anything behind", async () => {
    const { link } = await clinic.invite("Ana");
    const altered = new URL(link);
    // Within the secret: it still reads as a link.
    altered.hash = altered.hash.replace(/^(#.{8})(.)/, (_, before: string, sign: string) => `${before}${sign === "A" ? "B" : "A"}`);
    const patient = await opens();
    await patient.press(clinic, altered.href);
    expect(patient.view).toMatchObject({ screen: "problem", problem: "link-used" });
    expect(patient.store.size).toBe(0);
    await patient.press(clinic, link);
    expect(patient.view).toMatchObject({ screen: "consent", problem: null });
    const late = new Patient(undefined, () => Date.now() + 4 * 86_400_000);
    patients.push(late);
    await late.openPage();
    await late.press(clinic, (await clinic.invite("Ana")).link);
    expect(late.view).toMatchObject({ screen: "problem", problem: "link-expired" });
    expect(late.store.size).toBe(0);
  });

  test("a link of another clinic stops before anything is sent", async () => {
    const requests = vi.spyOn(globalThis, "fetch");
    const patient = await opens();
    const other = `http://page/#${Buffer.concat([Buffer.of(1), Buffer.alloc(48, 9)]).toString("base64url")}`;
    await patient.press(clinic, other);
    expect(patient.view.problem).toBe("link-other-clinic");
    expect(requests).not.toHaveBeenCalled();
  });

  test("a visitor without an invitation talks at level 0", async () => {
    const patient = await opens();
    await patient.press(clinic, null);
    await patient.agree();
    await patient.screen("chat");
    await patient.line.send("I saw you on the web");
    const conversation = await clinic.heard("Ben", "I saw you on the web");
    await clinic.ask("send", { desk: "Ben", conversation, text: "Welcome" });
    await patient.message("Welcome", "received");
    // A desk may keep a stranger waiting for "delivered" until somebody has answered.
    await patient.message("I saw you on the web", "delivered");
    expect(patient.view.level).toBe(0);
  });
});

describe("talking", () => {
  test("whether the clinic is open is told as soon as it is known, and as it changes", async () => {
    const patient = await comes();
    expect(patient.view.opening).toBeNull();
    await clinic.ask("tell_hours", { days: ["mon-sun 0:00-24:00"], time_zone: "America/Denver" });
    await clinic.ask("tell_hours", { days: [], time_zone: "America/Denver" });
    await patient.until("closed", ({ opening }) => opening);
    expect(patient.view.opening).toMatchObject({ kind: "closed", opens: null });
    await clinic.ask("tell_hours", { days: ["mon-sun 0:00-24:00"], time_zone: "America/Denver" });
    await patient.until("open", ({ opening }) => opening === null);
  });

  test("both desks hear, answers arrive with their author's name, and ticks come in their order", async () => {
    const patient = await comes();
    await patient.line.send("Good morning");
    const { delivery } = await patient.until("the row at once", ({ rows }) => rows.find((row) => row.kind === "text" && row.text === "Good morning")) as { delivery: string };
    expect(["queued", "accepted", "delivered"]).toContain(delivery);
    await patient.message("Good morning", "delivered");
    const conversation = await clinic.heard("Ana", "Good morning");
    expect(await clinic.heard("Ben", "Good morning")).toBe(conversation);
    await clinic.ask("send", { desk: "Ana", conversation, text: "<img src=x onerror=alert(1)>" });
    const answer = await patient.message("<img src=x onerror=alert(1)>", "received");
    expect(answer).toMatchObject({ mine: false, author: "Ana" });
    await clinic.ask("delivery", { desk: "Ana", text: "<img src=x onerror=alert(1)>", wanted: "delivered" });
    patient.line.markRead(() => true);
    await clinic.ask("delivery", { desk: "Ana", text: "<img src=x onerror=alert(1)>", wanted: "read" });
    await clinic.ask("open", { desk: "Ana", conversation });
    await clinic.ask("read", { desk: "Ana", conversation });
    await patient.message("Good morning", "read");
  });

  test("a photo goes out and comes back, byte for byte", async () => {
    const patient = await comes();
    await patient.line.send("here is a photo");
    const conversation = await clinic.heard("Ben", "here is a photo");
    const photo = Uint8Array.from({ length: 70_000 }, (_, i) => (i < 3 ? [0xff, 0xd8, 0xff][i] ?? 0 : i % 251));
    await patient.line.sendFile(photo, "photo.jpg", "image/jpeg", "");
    const { file } = await patient.message("", "delivered");
    const heard = await clinic.ask<{ name: string; type: string; content: string }>("heard_file", { desk: "Ben", conversation });
    expect(heard).toEqual({ name: "photo.jpg", type: "image/jpeg", content: Buffer.from(photo).toString("hex") });
    if (file === null) throw new Error("not a file");
    expect(await patient.line.file(file)).toEqual(photo);
  });

  test("a reload loses nothing and says nothing twice", async () => {
    const patient = await comes();
    await patient.line.send("before");
    await patient.message("before", "delivered");
    const conversation = await clinic.heard("Ana", "before");
    await patient.closePage();
    await clinic.ask("send", { desk: "Ana", conversation, text: "while you were away" });
    patient.store = patient.store.copy();
    await patient.openPage();
    expect(patient.view.screen).toBe("chat");
    await patient.message("while you were away", "received");
    await patient.line.send("after");
    await patient.message("after", "delivered");
    expect(patient.texts()).toEqual(["before", "while you were away", "after"]);
    expect(patient.view.rows.filter(({ kind }) => kind === "gap")).toEqual([]);
  });

  test("a relay that was killed in mid-conversation finds everything again, and who erases meanwhile is told that nobody knows", async () => {
    const [patient, leaving] = [await comes(), await comes()];
    await patient.line.send("one");
    await patient.message("one", "delivered");
    await clinic.ask("kill_relay");
    await patient.line.send("two");
    await patient.line.send("three");
    await patient.until("offline is told", ({ connection }) => connection === "offline");
    expect(patient.view.rows.map((row) => ("delivery" in row ? row.delivery : row.kind)).slice(1)).toEqual(["queued", "queued"]);
    await leaving.line.endAndErase();
    expect([leaving.view.screen, leaving.view.told]).toEqual(["erased", false]);
    await clinic.ask("start_relay");
    patient.line.wake();
    await patient.message("three", "delivered");
    await clinic.heard("Ana", "three");
    const texts = await clinic.ask<readonly string[]>("texts", { desk: "Ana" });
    expect(texts.filter((text) => ["two", "three"].includes(text))).toEqual(["two", "three"]);
  });

  test("the end is told to the clinic, and nothing stays", async () => {
    const patient = await comes();
    await patient.line.send("goodbye");
    await patient.message("goodbye", "delivered");
    await patient.line.endAndErase();
    expect([patient.view.screen, patient.view.told]).toEqual(["erased", true]);
    expect(patient.view.rows).toEqual([]);
    expect(patient.store.size).toBe(0);
    await clinic.heard("Ana", "The patient ended the conversation and erased their copy.");
  });
});
