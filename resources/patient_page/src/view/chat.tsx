import type { JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { View } from "../screen";
import type { Page } from "../page";
import type { RowView } from "../transcript";
import { locale, words } from "../words";
import { Composer } from "./composer";
import { Level, Menu } from "./menu";
import { Gap, JoinedRow, Mark, MessageRow } from "./message";
import { Heading, Lock } from "./parts";
import { Offer, useRenewal } from "./notices";
import { Moment } from "./queue";

interface Props {
  readonly page: Page;
  readonly view: View;
}

const dayOf = (time: number): string =>
  new Intl.DateTimeFormat(locale(), { weekday: "long", day: "numeric", month: "long" }).format(time);

/** The day stands above the first message of it. */
function rowsWithDays(rows: readonly RowView[], view: View, page: Page): readonly JSX.Element[] {
  let day = "";
  return rows.flatMap((row) => {
    if (row.kind === "gap") return [<Gap key={row.key} gap={row} />];
    if (row.kind === "mark") return [<Mark key={row.key} mark={row.mark} />];
    const message =
      row.kind === "joined" ? <JoinedRow key={row.key} row={row} /> : <MessageRow key={row.key} row={row} page={page} online={view.connection !== "offline"} />;
    if (dayOf(row.time) === day) return [message];
    day = dayOf(row.time);
    return [
      <li key={`day-${row.key}`} class="day">
        {day}
      </li>,
      message,
    ];
  });
}

/** Keeps the newest in sight, unless the person has gone up to read. */
function useFollow(count: number): RefObject<HTMLDivElement | null> {
  const scroll = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const element = scroll.current;
    if (element === null) return undefined;
    const note = (): void => {
      follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < 80;
    };
    const stay = new ResizeObserver(() => {
      if (follows.current) element.scrollTop = element.scrollHeight;
    });
    element.addEventListener("scroll", note, { passive: true });
    stay.observe(element);
    if (element.firstElementChild !== null) stay.observe(element.firstElementChild);
    return () => {
      element.removeEventListener("scroll", note);
      stay.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    const element = scroll.current;
    if (element !== null && follows.current) element.scrollTop = element.scrollHeight;
  }, [count]);
  return scroll;
}

function Notices({ view, page }: Props): JSX.Element {
  const { offline, unchecked, stale, hasChat, sharedNotice } = words();
  return (
    <div class="notices" role="status">
      {view.connection === "offline" && (
        <p class="notice" data-test="offline">
          {offline}
        </p>
      )}
      {view.unchecked && <p class="notice">{unchecked}</p>}
      {view.stale && <p class="notice bad">{stale}</p>}
      {page.keepsNothing.value && (
        <p class="notice" data-test="kept-nowhere">
          {sharedNotice}
        </p>
      )}
      {page.hasChat.value !== null && (
        <p class="notice" data-test="has-chat">
          {hasChat[page.hasChat.value]}
        </p>
      )}
    </div>
  );
}

export function Chat({ page, view }: Props): JSX.Element {
  const w = words();
  const { rows } = view;
  useRenewal({ page, view });
  const scroll = useFollow(rows.length);
  useEffect(() => {
    const seen = (): void => void page.markRead();
    seen();
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, [page, rows.length]);
  return (
    <main class="chat" data-test="chat">
      <header class="bar">
        <div class="who">
          <Heading>{view.clinic}</Heading>
          <Level level={view.level} />
        </div>
        <Menu page={page} view={view} />
        <p class="private">
          <Lock />
          <span>{w.private}</span>
        </p>
      </header>
      <Notices view={view} page={page} />
      <div class="scroll" ref={scroll} tabIndex={0} role="log" aria-live="polite" aria-relevant="additions" aria-label={w.messages}>
        <ol class="messages">{rowsWithDays(rows, view, page)}</ol>
        {rows.length === 0 && <p class="empty">{w.noMessages}</p>}
      </div>
      <Offer page={page} view={view} />
      <Moment view={view} />
      <Composer page={page} />
    </main>
  );
}
