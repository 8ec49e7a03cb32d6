/** Between the button and the chat: consent, and whether it is the patient. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { View } from "../screen";
import type { Page } from "../page";
import { words } from "../words";
import { BirthDate, NOTHING_TYPED, birthDateOf } from "./birth_date";
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

export function Check({ page, view }: Props): JSX.Element {
  const w = words();
  const [code, setCode] = useState("");
  const [born, setBorn] = useState(NOTHING_TYPED);
  const [wrong, setWrong] = useState(false);
  const isWhole = code.trim() !== "" && Object.values(born).every((part) => part !== "");
  const submit = (event: Event): void => {
    event.preventDefault();
    const birthDate = birthDateOf(born, Date.now());
    setWrong(birthDate === undefined);
    if (birthDate !== undefined) void page.answer(code, birthDate);
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
        <BirthDate typed={born} isWrong={wrong} onTyped={setBorn} />
        <div class="actions">
          <button type="submit" class="button" data-test="check-continue" disabled={!isWhole}>
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
