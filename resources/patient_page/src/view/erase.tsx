import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Page } from "../page";
import { words } from "../words";
import { Revealed } from "./parts";

interface EraseProps {
  readonly page: Page;
  readonly back: () => void;
}

/** For screens that have no menu: asked once more before it happens. */
export function EraseHere({ page }: { readonly page: Page }): JSX.Element {
  const [asking, setAsking] = useState<boolean>();
  if (asking) {
    return (
      <Revealed name="erase-here">
        <Erase page={page} back={() => setAsking(false)} />
      </Revealed>
    );
  }
  return (
    <button type="button" class="quiet" data-test="erase" ref={(shown) => void (asking === false && shown?.focus())} onClick={() => setAsking(true)}>
      {words().erase}
    </button>
  );
}

export function Erase({ page, back }: EraseProps): JSX.Element {
  const { erase, eraseText, keep } = words();
  return (
    <>
      <p>{eraseText}</p>
      <div class="actions">
        <button type="button" class="button danger" data-test="erase-confirm" onClick={() => void page.endAndErase()}>
          {erase}
        </button>
        <button type="button" class="button second" data-test="erase-keep" onClick={back}>
          {keep}
        </button>
      </div>
    </>
  );
}
