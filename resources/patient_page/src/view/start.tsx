import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Page } from "../page";
import { words } from "../words";
import { Busy, Card, Heading } from "./parts";

interface Props {
  readonly page: Page;
}

function SharedDevice({ page }: Props): JSX.Element {
  const { sharedDevice, sharedText } = words();
  const { value: isShared } = page.isShared;
  return (
    <div class="shared">
      <label class="tick">
        <input type="checkbox" data-test="shared" checked={isShared} aria-describedby="shared-text" onChange={() => (page.isShared.value = !isShared)} />
        <span>{sharedDevice}</span>
      </label>
      <p id="shared-text" role="status">
        {isShared ? sharedText : ""}
      </p>
    </div>
  );
}

export function Start({ page }: Props): JSX.Element {
  const { title, lead, start, hours, emergency, gettingReady } = words();
  const opening = page.config.value?.openingHours ?? "";
  const pressed = page.pressed.value;
  return (
    <Card name="start-screen">
      <p class="clinic" data-test="clinic" dir="auto">
        {page.clinic.value}
      </p>
      <Heading>{title}</Heading>
      <p class="lead">{lead}</p>
      <p class="emergency">{emergency}</p>
      {page.keepsNothing.value && (
        <p class="notice" data-test="kept-nowhere">
          {words().sharedNotice}
        </p>
      )}
      <div class="actions">
        <button type="button" class="button" data-test="start" disabled={pressed} onClick={() => void page.start()}>
          {pressed ? gettingReady : start}
        </button>
      </div>
      {page.isVisitor && (
        <p class="hint" data-test="come-back">
          {words().comeBack}
        </p>
      )}
      {page.canShare.value && !pressed && <SharedDevice page={page} />}
      {/* Below the button, which must not move under the finger when this comes. */}
      <dl class="hours">
        <dt>{hours}</dt>
        <dd data-test="hours">{opening === "" ? "…" : opening}</dd>
      </dl>
    </Card>
  );
}

export function Working({ text }: { readonly text: string }): JSX.Element {
  return (
    <Card name="working">
      <Heading>{words().title}</Heading>
      <Busy text={text} />
    </Card>
  );
}

/** How long a browser's storage may take before whoever waits is told what to do, in milliseconds. */
export const LONG = 15_000;

export function Opening({ page }: Props): JSX.Element {
  const { title, opening, openingLong, again } = words();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Card name="working">
      <Heading>{title}</Heading>
      <Busy text={isLong ? openingLong : opening} />
      {isLong && (
        <div class="actions">
          <button type="button" class="button" data-test="again" onClick={() => page.reload()}>
            {again}
          </button>
        </div>
      )}
    </Card>
  );
}

export function InApp({ page }: Props): JSX.Element {
  const { inAppTitle, inApp, copyLink, copied, notCopied, stayHere } = words();
  const [done, setDone] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await page.copyLink();
      setDone(copied);
    } catch {
      // The app that holds this page does not let it.
      setDone(notCopied);
    }
  };
  return (
    <Card name="in-app" isPrivate={false}>
      <Heading>{inAppTitle}</Heading>
      <p>{inApp}</p>
      <p role="status">{done}</p>
      <div class="actions">
        <button type="button" class="button" data-test="copy-link" onClick={() => void copy()}>
          {copyLink}
        </button>
        <button type="button" class="quiet" data-test="stay-here" onClick={() => void page.stayHere()}>
          {stayHere}
        </button>
      </div>
    </Card>
  );
}

export function SecondTab({ page }: Props): JSX.Element {
  const { secondTabTitle, secondTab, useHere } = words();
  return (
    <Card name="second-tab" isPrivate={false}>
      <Heading>{secondTabTitle}</Heading>
      <p>{secondTab}</p>
      <div class="actions">
        <button type="button" class="button" data-test="use-here" onClick={() => page.useHere()}>
          {useHere}
        </button>
      </div>
    </Card>
  );
}
