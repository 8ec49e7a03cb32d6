import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { View } from "../screen";
import type { Page } from "../page";
import { words } from "../words";
import { Erase } from "./erase";
import { LockSettings } from "./lock_settings";
import { lockWords } from "./lock_words";
import { NoticeSwitches } from "./notices";
import { LanguageButton, PhoneLink } from "./parts";
import { Save } from "./save";
import { savedWords } from "./saved_words";

interface Props {
  readonly page: Page;
  readonly view: View;
}

type Place = "menu" | "safety-number" | "save" | "lock" | "erase";

export function Level({ level }: { readonly level: number }): JSX.Element {
  const { levels } = words();
  return (
    <p class={`level ${level === 0 ? "" : "good"}`} data-test="level" data-level={level}>
      {levels[level] ?? levels[0]}
    </p>
  );
}

function SafetyNumber({ groups }: { readonly groups: readonly string[] }): JSX.Element {
  const { safetyText } = words();
  return (
    <>
      <p>{safetyText}</p>
      <p class="number" data-test="safety-number-digits">
        {groups.map((group) => (
          <span key={group}>{group} </span>
        ))}
      </p>
    </>
  );
}

export function Menu({ page, view }: Props): JSX.Element {
  const w = words();
  const vault = page.vault.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const [place, setPlace] = useState<Place>("menu");
  const title = useRef<HTMLHeadingElement>(null);
  const close = (): void => dialog.current?.close();
  // The button that led there is gone, and the focus would be with it.
  useEffect(() => {
    if (dialog.current?.open === true) title.current?.focus();
  }, [place]);
  const titles: Readonly<Record<Place, string>> = { menu: w.menu, "safety-number": w.safetyNumber, save: savedWords().save, lock: lockWords().title, erase: w.eraseTitle };
  const places: Readonly<Record<Place, ComponentChildren>> = {
    menu: (
      <>
        {vault?.lock !== undefined && (
          <button type="button" class="button" data-test="lock-now" onClick={() => page.lock()}>
            {lockWords().lockNow}
          </button>
        )}
        <button type="button" class="button second" data-test="safety-number" onClick={() => setPlace("safety-number")}>
          {w.safetyNumber}
        </button>
        <button type="button" class="button second" data-test="save" onClick={() => setPlace("save")}>
          {savedWords().save}
        </button>
        {vault !== undefined && (
          <button type="button" class="button second" data-test="lock" onClick={() => setPlace("lock")}>
            {vault.lock === undefined ? lockWords().set : lockWords().settings}
          </button>
        )}
        <button type="button" class="button second" data-test="erase" onClick={() => setPlace("erase")}>
          {w.erase}
        </button>
        <NoticeSwitches page={page} view={view} />
        <PhoneLink page={page} />
        <LanguageButton />
      </>
    ),
    "safety-number": <SafetyNumber groups={view.safetyNumber} />,
    save: <Save page={page} view={view} />,
    lock: vault !== undefined && <LockSettings vault={vault} back={() => setPlace("menu")} refocus={() => title.current?.focus()} />,
    erase: <Erase page={page} back={close} />,
  };
  return (
    <>
      <button type="button" class="round" data-test="menu" aria-haspopup="dialog" aria-label={w.menu} onClick={() => dialog.current?.showModal()}>
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 7h16M4 12h16M4 17h16" />
        </svg>
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby="menu-title" onClose={() => setPlace("menu")}>
        <div class="dialog-top">
          <h2 id="menu-title" ref={title} tabIndex={-1}>{titles[place]}</h2>
          <button type="button" class="round" data-test="menu-close" aria-label={w.close} onClick={close}>
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
              <path d="m6 6 12 12M18 6 6 18" />
            </svg>
          </button>
        </div>
        {places[place]}
      </dialog>
    </>
  );
}
