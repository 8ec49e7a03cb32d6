/** Between the button and the chat: consent, and whether it is the patient. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { View } from "../screen";
import type { Page } from "../page";
import { words } from "../words";
import { EraseHere } from "./erase";
import { Busy, Card, Heading, PhoneLink } from "./parts";

interface Props {
  readonly page: Page;
  readonly view: View;
}

export function Consent({ page, view }: Props): JSX.Element {
  const { consentTitle, consent, consentTick, goOn, chatWith } = words();
  const [agreed, setAgreed] = useState(false);
  return (
    <Card name="consent">
      <p class="eyebrow">{chatWith(view.clinic)}</p>
      <Heading>{consentTitle}</Heading>
      <p data-test="consent-text">{consent}</p>
      <label class="tick">
        <input type="checkbox" data-test="consent-tick" checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />
        <span>{consentTick}</span>
      </label>
      <div class="actions">
        <button type="button" class="button" data-test="consent-continue" disabled={!agreed} onClick={() => void page.consent()}>
          {goOn}
        </button>
      </div>
    </Card>
  );
}

/** Hyphens appear by themselves, since a telephone's number keys have none. */
export function formatDate(typed: string): string {
  const digits = typed.replace(/\D/g, "").slice(0, 8);
  const parts = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].filter((part) => part !== "");
  const open = typed.endsWith("-") && (digits.length === 4 || digits.length === 6);
  return parts.join("-") + (open ? "-" : "");
}

/** Whether that day exists, and has come. */
export function isBirthDate(text: string, now: number): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return exists && Number(year) >= 1880 && date.getTime() <= now;
}

export function Check({ page, view }: Props): JSX.Element {
  const w = words();
  const [code, setCode] = useState("");
  const [birthDate, setBirthDate] = useState("");
  const [wrong, setWrong] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    const holds = isBirthDate(birthDate, Date.now());
    setWrong(!holds);
    if (holds) void page.answer(code, birthDate);
  };
  return (
    <Card name="check">
      <p class="eyebrow">{w.chatWith(view.clinic)}</p>
      <Heading>{w.checkTitle}</Heading>
      {view.triesLeft === null ? (
        <p>{w.checkText}</p>
      ) : (
        <p class="notice bad" role="alert" data-test="tries-left">
          {w.triesLeft(view.triesLeft)}
        </p>
      )}
      {/* Browsers keep what forms were given, for the next person at this device too: nothing of this may be kept. */}
      <form onSubmit={submit} noValidate autoComplete="off">
        <div class="field">
          <label class="label" for="code">
            {w.code}
          </label>
          <span class="hint" id="code-hint">
            {w.codeHint}
          </span>
          <input
            id="code"
            data-test="code"
            type="text"
            inputMode="numeric"
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            maxLength={16}
            aria-describedby="code-hint"
            value={code}
            onInput={(event) => setCode(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label class="label" for="birth-date">
            {w.birthDate}
          </label>
          <span class="hint" id="birth-hint">
            {w.birthDateHint}
          </span>
          <input
            id="birth-date"
            data-test="birth-date"
            type="text"
            inputMode="numeric"
            autoComplete="off"
            maxLength={10}
            aria-describedby={wrong ? "birth-wrong birth-hint" : "birth-hint"}
            aria-invalid={wrong}
            value={birthDate}
            onInput={(event) => {
              const typed = event.currentTarget.value;
              // While something is taken away nothing is put in again.
              setBirthDate(typed.length < birthDate.length ? typed : formatDate(typed));
            }}
          />
        </div>
        <p class="wrong" id="birth-wrong" role="alert">
          {wrong ? w.birthDateWrong : ""}
        </p>
        <div class="actions">
          <button type="submit" class="button" data-test="check-continue" disabled={code.trim() === "" || birthDate === ""}>
            {w.goOn}
          </button>
        </div>
      </form>
    </Card>
  );
}

export function Checking({ page, view }: Props): JSX.Element {
  const { checking, checkingText, offline, silent, writeNow } = words();
  const waiting = view.connection === "offline" ? offline : checkingText;
  return (
    <Card name="checking">
      <Heading>{checking}</Heading>
      <Busy text={view.silent ? silent : waiting} />
      {view.silent && (
        <div class="actions">
          <button type="button" class="button" data-test="write-now" onClick={() => void page.talkAnyway()}>
            {writeNow}
          </button>
        </div>
      )}
    </Card>
  );
}

export function Refused({ page }: { readonly page: Page }): JSX.Element {
  const { refusedTitle, refused } = words();
  return (
    <Card name="refused" isPrivate={false}>
      <Heading>{refusedTitle}</Heading>
      <p>{refused}</p>
      <div class="actions">
        <PhoneLink page={page} />
      </div>
      <EraseHere page={page} />
    </Card>
  );
}
