/** A chat that is locked: nothing of it is in the page. */
import type { JSX, TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import { type Lock, type Proof, provePin } from "../lock";
import type { Page } from "../page";
import { provePasskey } from "../passkey";
import { Vault } from "../vault";
import { EraseHere } from "./erase";
import { PinField, useAttempt } from "./lock_parts";
import { lockWords } from "./lock_words";
import { Busy, Card, Heading, Revealed } from "./parts";

interface Props {
  readonly page: Page;
  readonly lock: Lock;
}

export function LockScreen({ page, lock }: Props): JSX.Element {
  const w = lockWords();
  const [pin, setPin] = useState("");
  const [cannot, setCannot] = useState(false);
  const { busy, waits, wrong, attempt } = useAttempt(lock.kind === "passkey" ? w.notOpened : "");
  const open = async (prove: Proof): Promise<void> => {
    await attempt(async () => page.unlocked(await Vault.open(prove)));
    setPin("");
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!busy && !waits && pin !== "") void open(provePin(pin));
  };
  return (
    <Card name="locked" isPrivate={false}>
      <Heading>{w.lockedTitle}</Heading>
      <p>{lock.kind === "pin" ? w.lockedPin : w.lockedPasskey}</p>
      {lock.kind === "pin" ? (
        <form onSubmit={submit} noValidate autoComplete="off">
          <PinField name="pin" label={w.pin} digits={lock.digits} value={pin} wrong={wrong === "" ? "" : "pin-wrong"} set={setPin} />
          <p class="wrong" id="pin-wrong" role="alert" data-test="pin-wrong">
            {wrong}
          </p>
          <div class="actions">
            <button type="submit" class="button" data-test="unlock" disabled={busy || waits || pin === ""}>
              {w.unlock}
            </button>
          </div>
        </form>
      ) : (
        <div class="actions">
          <button type="button" class="button" data-test="unlock" disabled={busy} onClick={() => void open(provePasskey)}>
            {w.unlock}
          </button>
          <p class="wrong" role="alert" data-test="pin-wrong">
            {wrong}
          </p>
        </div>
      )}
      {busy && <Busy text={w.working} />}
      {cannot ? (
        <Revealed name="cannot-open-text" warns>
          <p>{w.forgottenText}</p>
          <EraseHere page={page} />
        </Revealed>
      ) : (
        <button type="button" class="quiet" data-test="cannot-open" onClick={() => setCannot(true)}>
          {w.forgotten}
        </button>
      )}
    </Card>
  );
}
