/** What several screens are made of. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Page } from "../page";
import { switchLanguage, words } from "../words";

/** A screen's heading takes the focus when the screen appears, so that a screen reader begins there. */
export function Heading({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** What comes in the place of the button that was pressed takes the focus, which would be gone with it. */
export function Revealed({ children, name, warns = false }: { readonly children: ComponentChildren; readonly name: string; readonly warns?: boolean }): JSX.Element {
  const revealed = useRef<HTMLDivElement>(null);
  useEffect(() => revealed.current?.focus(), []);
  return (
    <div ref={revealed} tabIndex={-1} class={warns ? "warning" : ""} data-test={name}>
      {children}
    </div>
  );
}

/** The mark: a closed envelope within a shield. Drawn, so that it loads with the page and follows its colours. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 48 48" aria-hidden="true">
      <path class="mark-shield" d="M24 3 7 9v14c0 11 7 18 17 22 10-4 17-11 17-22V9z" />
      <path class="mark-letter" d="M14 17h20v14H14zm0 0 10 8 10-8" />
    </svg>
  );
}

export function Lock(): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M6 10V7a6 6 0 0 1 12 0v3m-13 0h14v11H5z" />
    </svg>
  );
}

export function LanguageButton(): JSX.Element {
  const other = words().otherLanguage;
  return (
    <button type="button" class="quiet" data-test="language" lang={other === "English" ? "en" : "es"} onClick={switchLanguage}>
      {other}
    </button>
  );
}

export function PhoneLink({ page }: { readonly page: Page }): JSX.Element | null {
  const phone = page.view.value?.phone ?? "";
  if (phone === "") return null;
  return (
    <a class="button" data-test="call" href={`tel:${phone.replace(/[^+0-9]/g, "")}`}>
      {words().call(phone)}
    </a>
  );
}

interface CardProps {
  readonly children: ComponentChildren;
  readonly name: string;
  /** Where something is written, or about to be. */
  readonly isPrivate?: boolean;
}

/** Everything but the chat: one thing to read and one to do. */
export function Card({ children, name, isPrivate = true }: CardProps): JSX.Element {
  return (
    <div class="sheet">
      <header class="top">
        <Mark />
        <LanguageButton />
      </header>
      <main class="card" data-test={name}>
        {children}
      </main>
      <footer class="foot">
        {isPrivate && <Lock />}
        {isPrivate && <span>{words().private}</span>}
      </footer>
    </div>
  );
}

export function Busy({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class="busy" role="status">
      <span class="spinner" aria-hidden="true" />
      {text}
    </p>
  );
}
