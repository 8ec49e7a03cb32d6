/** The patient's way from the link to the end, as it is built and served, in every engine: real browsers, real relay, real desks. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ENGINES, programOf } from "./browser";
import { Journey } from "./journey";
import { Clinic } from "../support/clinic";
import { Host } from "../support/host";

let host: Host;
let clinic: Clinic;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealdesk-engines-"));
  host = await Host.open();
  clinic = await Clinic.found("Harbour Clinic", ["Ana", "Ben"], host.origin);
  host.folder = clinic.page;
});
afterAll(async () => {
  await clinic.end();
  host.close();
  await rm(folder, { recursive: true });
});

// One after another: three browsers at once starve one another on a small machine, and what waits too long looks broken.
describe("from the link to the end, every address on the way and every complaint", () => {
  for (const kind of ENGINES) {
    const program = programOf(kind);
    test.skipIf(program === undefined)(`in ${kind.name}`, async () => {
      const journey = await Journey.start(clinic, host, kind, program ?? "", join(folder, kind.name));
      try {
        expect(await journey.languages()).toEqual(kind.speaks === "en" ? ["en", "es", "es"] : ["es", "en", "en"]);
        await journey.writeAndRead();
        expect(await journey.sendPhoto()).toBeGreaterThan(0);
        expect(await journey.comeBack()).toBe(3);
        await journey.lock();
        await journey.passTunnel();
        await journey.meetColleague();
        await journey.goOnAfterTheClose();
        expect(await journey.loseEverything()).toEqual([[], [], 0, 0]);
        expect(await journey.comeAsNew()).toBeGreaterThan(7);
        expect(await journey.erase()).toEqual([[], [], 0, 0]);
        await journey.startAtTheRelay();
        expect(journey.asked.length).toBeGreaterThan(20);
        expect(journey.askedElsewhere).toEqual([]);
        expect(journey.complaints).toEqual([]);
      } finally {
        await journey.end();
      }
    });
  }
});
