/** What the lock's screen and its settings are made of. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { LockRefused } from "../lock";
import { problemOf } from "../screen";
import { waitLeft } from "../tries";
import { words } from "../words";
import { lockWords } from "./lock_words";

interface PinFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly digits: boolean;
  readonly value: string;
  /** The id of what says that it is wrong; "" where nothing does. */
  readonly wrong?: string;
  readonly set: (text: string) => void;
}

/**
 * It is nobody's password: one that a browser fills in by itself would open the lock for whoever holds the phone. A field of
 * the kind "password" all the same, which no keyboard learns and no screen reader speaks.
 */
export function PinField({ name, label, hint = "", digits, value, wrong = "", set }: PinFieldProps): JSX.Element {
  return (
    <div class="field">
      <label class="label" for={name}>
        {label}
      </label>
      {hint !== "" && (
        <span class="hint" id={`${name}-hint`}>
          {hint}
        </span>
      )}
      <input
        id={name}
        data-test={name}
        type="password"
        inputMode={digits ? "numeric" : "text"}
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        maxLength={64}
        data-1p-ignore="true"
        data-bwignore="true"
        data-lpignore="true"
        aria-invalid={wrong !== ""}
        aria-describedby={[wrong, hint === "" ? "" : `${name}-hint`].join(" ").trim() || undefined}
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </div>
  );
}

interface Attempt {
  readonly busy: boolean;
  /** Too many tries: not yet. */
  readonly waits: boolean;
  readonly wrong: string;
  readonly say: (sentence: string) => void;
  /** Whether it was done. */
  readonly attempt: (work: () => Promise<void>) => Promise<boolean>;
}

/** So that what says "one moment" is drawn: deriving a key from a PIN holds the page. */
const drawn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

interface Reason {
  readonly sentence: string;
  readonly wait: number;
}

/** `passkey`: what to say of one that did not open. */
async function reasonOf(fault: unknown, passkey: string): Promise<Reason> {
  const w = lockWords();
  if (!(fault instanceof LockRefused)) return { sentence: words().problems[problemOf(fault)].text, wait: 0 };
  if (passkey !== "") return { sentence: passkey, wait: 0 };
  if (fault.fault === "cancelled" || fault.fault === "unfit") return { sentence: w[fault.fault], wait: 0 };
  const wait = fault.fault === "too-soon" ? fault.wait : await waitLeft(Date.now());
  return { sentence: wait === 0 ? w.wrong : w.wait(Math.ceil(wait / 1_000)), wait };
}

export function useAttempt(passkey = ""): Attempt {
  const [busy, setBusy] = useState(false);
  const [waits, setWaits] = useState(false);
  const [wrong, setWrong] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setWrong("");
    try {
      await drawn();
      await work();
      return true;
    } catch (error) {
      const { sentence, wait } = await reasonOf(error, passkey);
      setWrong(sentence);
      setWaits(wait > 0);
      if (wait > 0) timer.current = setTimeout(() => setWaits(false), wait);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, waits, wrong, say: setWrong, attempt };
}
