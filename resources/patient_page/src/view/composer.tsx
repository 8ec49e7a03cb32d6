import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Page } from "../page";
import { toUtf8 } from "../protocol/encoding";
import { TEXT } from "../protocol/limits";
import { problemOf } from "../screen";
import { words } from "../words";
import { Attach } from "./attach";

interface Props {
  readonly page: Page;
}

const hasKeyboard = (): boolean => matchMedia("(pointer: fine)").matches;

export function Composer({ page }: Props): JSX.Element {
  const w = words();
  const { draft } = page;
  const text = draft.value;
  const [wrong, setWrong] = useState("");
  const submit = async (): Promise<void> => {
    const written = text.trim();
    if (written === "") return;
    if (toUtf8(written).length > TEXT.value) {
      setWrong(w.tooLong);
      return;
    }
    setWrong("");
    draft.value = "";
    void page.typing(false);
    try {
      await page.send(written);
    } catch (error) {
      // It could not be kept, and so it was not said: it stands here again, before what was typed since.
      draft.value = draft.value === "" ? written : `${written}\n${draft.value}`;
      setWrong(w.problems[problemOf(error)].text);
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p class="wrong" role="alert">
        {wrong}
      </p>
      <Attach page={page} />
      <textarea
        dir="auto"
        data-test="composer"
        rows={1}
        aria-label={w.write}
        placeholder={w.write}
        autoComplete="off"
        value={text}
        onInput={(event) => {
          draft.value = event.currentTarget.value;
          void page.typing(event.currentTarget.value.trim() !== "");
        }}
        onKeyDown={(event) => {
          // On a phone Enter makes a new line, as everywhere there; while a word is composed it belongs to the composing.
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing && hasKeyboard()) {
            event.preventDefault();
            void submit();
          }
        }}
      />
      <button type="submit" class="send" data-test="send" aria-label={w.send} disabled={text.trim() === ""}>
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="m4 12 16-8-6 17-3-7z" />
        </svg>
        <span>{w.send}</span>
      </button>
    </form>
  );
}
