/** The lock, in the menu: set, changed, taken off. Who sets one is told first what becomes of a chat whose PIN is forgotten. */
import type { JSX, TargetedSubmitEvent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type NewLock, type Proof, newPin, pinFault, provePin } from "../lock";
import { canUsePasskey, forgetPasskey, newPasskey, provePasskey } from "../passkey";
import type { Vault } from "../vault";
import { PinField, useAttempt } from "./lock_parts";
import { lockWords } from "./lock_words";
import { Busy } from "./parts";

interface Props {
  readonly vault: Vault;
  readonly back: () => void;
  /** The button that led on is gone, and the focus would be with it. */
  readonly refocus: () => void;
}

type Step = "first" | "pin" | "remove";

export function LockSettings({ vault, back, refocus }: Props): JSX.Element {
  const w = lockWords();
  const { lock } = vault;
  const [step, setStep] = useState<Step>("first");
  const [done, setDone] = useState("");
  const { busy, waits, wrong, say, attempt } = useAttempt(lock?.kind === "passkey" ? w.notRemoved : "");
  useEffect(refocus, [step, done]);
  const relock = async (prove: Proof | undefined, make: NewLock | undefined): Promise<void> => {
    const made = await attempt(() => vault.relock(prove, make));
    if (!made) return;
    setDone(make === undefined ? w.isOff : w.isSet);
    if (lock?.kind === "passkey") await forgetPasskey(lock);
  };
  const form = { busy, waits, wrong, say, relock, vault };
  if (done !== "") return <Done text={done} back={back} />;
  if (step === "pin") return <PinForm {...form} />;
  if (step === "remove") return <RemoveForm {...form} />;
  return (
    <>
      {lock === undefined ? (
        <Offer busy={busy} choosePin={() => setStep("pin")} usePasskey={() => void relock(undefined, newPasskey)} />
      ) : (
        <div class="actions">
          {lock.kind === "pin" && (
            <button type="button" class="button second" data-test="lock-change" onClick={() => setStep("pin")}>
              {w.change}
            </button>
          )}
          <button type="button" class="button second" data-test="lock-remove" onClick={() => setStep("remove")}>
            {w.remove}
          </button>
        </div>
      )}
      <p class="wrong" role="alert" data-test="lock-wrong">
        {wrong}
      </p>
      {busy && <Busy text={w.working} />}
    </>
  );
}

function Done({ text, back }: { readonly text: string; readonly back: () => void }): JSX.Element {
  return (
    <>
      <p role="status" data-test="lock-done">
        {text}
      </p>
      <div class="actions">
        <button type="button" class="button" data-test="lock-back" onClick={back}>
          OK
        </button>
      </div>
    </>
  );
}

interface OfferProps {
  readonly busy: boolean;
  readonly choosePin: () => void;
  readonly usePasskey: () => void;
}

function Offer({ busy, choosePin, usePasskey }: OfferProps): JSX.Element {
  const w = lockWords();
  const [can, setCan] = useState(false);
  useEffect(() => void canUsePasskey().then(setCan), []);
  return (
    <>
      <p>{w.what}</p>
      <p class="warning" data-test="lock-warning">
        {w.warning[can ? 1 : 0]}
      </p>
      <div class="actions">
        <button type="button" class="button" data-test="lock-pin" disabled={busy} onClick={choosePin}>
          {w.choosePin}
        </button>
        {can && (
          <button type="button" class="button second" data-test="lock-passkey" aria-describedby="passkey-note" disabled={busy} onClick={usePasskey}>
            {w.usePasskey}
          </button>
        )}
      </div>
      {can && (
        <p class="hint" id="passkey-note">
          {w.passkeyNote}
        </p>
      )}
    </>
  );
}

interface FormProps {
  readonly vault: Vault;
  readonly busy: boolean;
  readonly waits: boolean;
  readonly wrong: string;
  readonly say: (sentence: string) => void;
  readonly relock: (prove: Proof | undefined, make: NewLock | undefined) => Promise<void>;
}

/** What both forms end with. */
function Finish({ busy, waits, wrong, label, danger = false }: Pick<FormProps, "busy" | "waits" | "wrong"> & { readonly label: string; readonly danger?: boolean }): JSX.Element {
  return (
    <>
      <p class="wrong" id="lock-wrong" role="alert" data-test="lock-wrong">
        {wrong}
      </p>
      <div class="actions">
        <button type="submit" class={`button ${danger ? "danger" : ""}`} data-test="lock-save" disabled={busy || waits}>
          {label}
        </button>
      </div>
      {busy && <Busy text={lockWords().working} />}
    </>
  );
}

function PinForm({ vault, busy, waits, wrong, say, relock }: FormProps): JSX.Element {
  const w = lockWords();
  const old = vault.lock?.kind === "pin" ? vault.lock : undefined;
  const [was, setWas] = useState("");
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const [digits, setDigits] = useState(old?.digits ?? true);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (busy || waits) return;
    const fault = pinFault(pin);
    if (fault !== undefined) return say(w[fault]);
    if (pin !== again) return say(w.different);
    void relock(old === undefined ? undefined : provePin(was), newPin(pin));
  };
  const id = wrong === "" ? "" : "lock-wrong";
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      {old !== undefined && <PinField name="pin-old" label={w.oldPin} digits={old.digits} value={was} wrong={id} set={setWas} />}
      <label class="tick">
        <input type="checkbox" data-test="pin-words" checked={!digits} onChange={() => setDigits(!digits)} />
        <span>{w.useWords}</span>
      </label>
      <PinField name="pin-new" label={w.newPin} hint={w.newPinHint} digits={digits} value={pin} wrong={id} set={setPin} />
      <PinField name="pin-again" label={w.again} hint={w.doNotSave} digits={digits} value={again} wrong={id} set={setAgain} />
      <Finish busy={busy} waits={waits} wrong={wrong} label={w.save} />
    </form>
  );
}

function RemoveForm({ vault, busy, waits, wrong, relock }: FormProps): JSX.Element {
  const w = lockWords();
  const { lock } = vault;
  const [was, setWas] = useState("");
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!busy && !waits) void relock(lock?.kind === "pin" ? provePin(was) : provePasskey, undefined);
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <p>{w.removeText}</p>
      {lock?.kind === "pin" && <PinField name="pin-old" label={w.oldPin} digits={lock.digits} value={was} wrong={wrong === "" ? "" : "lock-wrong"} set={setWas} />}
      <Finish busy={busy} waits={waits} wrong={wrong} label={w.remove} danger />
    </form>
  );
}
