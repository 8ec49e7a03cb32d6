/** The vault under a passkey, by Chromium's own authenticator for tests. */
import "./support/sodium";

import { render } from "preact";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cdp, userEvent } from "vitest/browser";

import { plugIn } from "./support/authenticator";
import { eraseEverything } from "../src/erasure";
import { newPin, provePin } from "../src/lock";
import { canUsePasskey, newPasskey, provePasskey } from "../src/passkey";
import { Vault, findLock } from "../src/vault";
import { LockSettings } from "../src/view/lock_settings";

interface Tools {
  send(method: string, parameters?: object): Promise<{ readonly authenticatorId: string }>;
}

const tools = (): Tools => cdp() as unknown as Tools;
const KEPT = new Map([["line", new TextEncoder().encode("the patient's words")]]);
let vault: Vault;
let root: HTMLElement;

const at = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-test="${name}"]`) ?? document.createElement("i");
const refused = (fault: string): unknown => expect.objectContaining({ name: "LockRefused", fault });

beforeEach(async () => {
  await eraseEverything();
  await tools().send("WebAuthn.enable");
  vault = await Vault.open();
  await vault.commit(KEPT);
  root = document.createElement("div");
  document.body.append(root);
});
afterEach(async () => {
  render(null, root);
  root.remove();
  vault.close();
  await tools().send("WebAuthn.disable");
  await eraseEverything();
});

describe("a passkey", () => {
  test("opens what it locked, and only where the person is recognised", async () => {
    const authenticatorId = await plugIn(tools());
    expect(await canUsePasskey()).toBe(true);
    await vault.relock(undefined, newPasskey);
    vault.close();
    await expect(Vault.open()).rejects.toEqual(refused("wrong"));
    await expect(Vault.open(provePin("402718"))).rejects.toEqual(refused("wrong"));
    vault = await Vault.open(provePasskey);
    expect(await vault.read(["line"])).toEqual(KEPT);
    expect(await findLock()).toMatchObject({ kind: "passkey" });
    await tools().send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await expect(Vault.open(provePasskey)).rejects.toEqual(refused("cancelled"));
  });

  test("that gives no secret locks nothing", async () => {
    await plugIn(tools(), false);
    await expect(vault.relock(undefined, newPasskey)).rejects.toMatchObject({ name: "LockRefused" });
    expect([vault.lock, await findLock()]).toEqual([undefined, undefined]);
    expect(await vault.read(["line"])).toEqual(KEPT);
  });

  test("is not offered where the browser has none", async () => {
    render(<LockSettings vault={vault} back={() => undefined} refocus={() => undefined} />, root);
    await expect.poll(() => canUsePasskey()).toBe(false);
    expect([at("lock-pin").tagName, at("lock-passkey").tagName]).toEqual(["BUTTON", "I"]);
  });

  test("is set and taken off in the menu, where it must be shown for that", async () => {
    await plugIn(tools());
    const draw = (): void => render(<LockSettings key={vault.lock?.kind} vault={vault} back={() => undefined} refocus={() => undefined} />, root);
    draw();
    await expect.poll(() => at("lock-passkey").tagName).toBe("BUTTON");
    await userEvent.click(at("lock-passkey"));
    await expect.poll(() => at("lock-done").textContent).toBe("The lock is on.");
    draw();
    await userEvent.click(at("lock-remove"));
    await userEvent.click(at("lock-save"));
    await expect.poll(() => at("lock-done").textContent).toBe("The lock is off.");
    expect([vault.lock, await vault.read(["line"])]).toEqual([undefined, KEPT]);
    await vault.relock(undefined, newPin("402718"));
    await expect(vault.relock(provePasskey, undefined)).rejects.toEqual(refused("wrong"));
  });
});
