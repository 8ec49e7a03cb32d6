/** How the person is told of something new: asked once, after the clinic's first answer, and switched in the menu. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { newsOf } from "../badge";
import type { Page } from "../page";
import { PushBlocked, PushUnfit, canPush } from "../push";
import { type View, problemOf } from "../screen";
import { language, words } from "../words";
import { noticeWords } from "./notice_words";

interface Props {
  readonly page: Page;
  readonly view: View;
}

function sentence(error: unknown): string {
  if (error instanceof PushBlocked) return noticeWords().blocked;
  if (error instanceof PushUnfit) return noticeWords().unfit;
  return words().problems[problemOf(error)].text;
}

/** One change at a time, and what stands in its way. */
function useNotices(page: Page): { readonly busy: boolean; readonly wrong: string; readonly set: (kind: "sound" | "push", on: boolean) => void } {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const change = async (kind: "sound" | "push", on: boolean): Promise<void> => {
    setBusy(true);
    setWrong("");
    try {
      await page.notify(kind, on);
    } catch (error) {
      setWrong(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, wrong, set: (kind, on) => void change(kind, on) };
}

/** Not where nothing may stay behind: a browser keeps a subscription for longer than the page. */
const canOffer = ({ keepsNothing }: Page, { notices, rows }: View): boolean => !keepsNothing.value && canPush() && (notices.push !== "unasked" || newsOf(rows).length > 0);

export function Offer({ page, view }: Props): JSX.Element | null {
  const w = noticeWords();
  const { busy, wrong, set } = useNotices(page);
  if (view.notices.push !== "unasked" || !canOffer(page, view)) return null;
  return (
    <div class="offer" data-test="offer" role="group" aria-label={w.push}>
      <p>{w.push}</p>
      <button type="button" class="quiet" data-test="offer-yes" disabled={busy} onClick={() => set("push", true)}>
        {w.yes}
      </button>
      <button type="button" class="quiet" data-test="offer-no" disabled={busy} onClick={() => set("push", false)}>
        {w.no}
      </button>
      <p class="wrong" role="alert" data-test="offer-wrong">
        {wrong}
      </p>
    </div>
  );
}

/** Once a visit and language, when there is a connection: a failure is nobody's business, the next visit tries again. */
export function useRenewal({ page, view }: Props): void {
  const renewed = useRef("");
  const due = view.notices.push === "on" && view.connection === "online" && renewed.current !== language.value;
  useEffect(() => {
    if (!due) return;
    renewed.current = language.value;
    void page.renewPush();
  }, [page, due]);
}

export function NoticeSwitches({ page, view }: Props): JSX.Element {
  const w = noticeWords();
  const { busy, wrong, set } = useNotices(page);
  const row = (kind: "sound" | "push", on: boolean): JSX.Element => (
    <label class="tick">
      <input type="checkbox" role="switch" data-test={`notices-${kind}`} checked={on} disabled={busy} onChange={() => set(kind, !on)} />
      <span>{w[kind]}</span>
    </label>
  );
  return (
    <>
      {row("sound", view.notices.sound)}
      {canOffer(page, view) && row("push", view.notices.push === "on")}
      <p class="wrong" role="alert">
        {wrong}
      </p>
    </>
  );
}
