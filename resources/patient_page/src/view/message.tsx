import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Page } from "../page";
import type { EventOf } from "../protocol/content";
import { isProtocolError } from "../protocol/errors";
import { fileName } from "../file_name";
import { pictureType } from "../picture";
import type { GapView, JoinedView, MarkView, MessageView } from "../transcript";
import { locale, words } from "../words";
import { sizeText } from "./size_text";

const timeOf = (time: number): string => new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(time);

const TICKS: Readonly<Record<string, string>> = {
  queued: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  accepted: "m5 13 4 4L19 7",
  delivered: "m2 13 4 4L16 7m-5 8 2 2L23 7",
  read: "m2 13 4 4L16 7m-5 8 2 2L23 7",
  failed: "M12 7v6m0 4v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
};

/** A sign and its word: a colour or a shape alone tells not everybody. */
function Tick({ delivery }: { readonly delivery: MessageView["delivery"] }): JSX.Element | null {
  if (delivery === "received") return null;
  return (
    <span class={`state ${delivery}`}>
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d={TICKS[delivery] ?? ""} />
      </svg>
      {words().delivery[delivery]}
    </span>
  );
}

type Shown =
  | { readonly kind: "unasked" | "loading" | "damaged" | "absent" }
  | { readonly kind: "picture" | "other"; readonly url: string; readonly size: number };

/** More than this is fetched only when it is asked for: not everybody pays for data by the month. */
const AT_ONCE = 5 * 1_024 * 1_024;

async function load(page: Page, file: EventOf<"file">): Promise<Shown> {
  try {
    const bytes = await page.file(file);
    if (bytes === undefined) return { kind: "absent" };
    const type = pictureType(bytes);
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: type ?? "application/octet-stream" });
    return { kind: type === undefined ? "other" : "picture", url: URL.createObjectURL(blob), size: blob.size };
  } catch (error) {
    return { kind: isProtocolError(error) ? "damaged" : "absent" };
  }
}

function File({ page, file }: { readonly page: Page; readonly file: EventOf<"file"> }): JSX.Element {
  const w = words();
  const [shown, setShown] = useState<Shown>({ kind: file.size <= AT_ONCE ? "loading" : "unasked" });
  useEffect(() => {
    if (shown.kind !== "loading") return undefined;
    let left = false;
    const show = async (): Promise<void> => {
      const next = await load(page, file);
      if (left && "url" in next) URL.revokeObjectURL(next.url);
      else setShown(next);
    };
    void show();
    return () => {
      left = true;
    };
  }, [page, file, shown.kind]);
  useEffect(() => (): void => void ("url" in shown && URL.revokeObjectURL(shown.url)), [shown]);
  switch (shown.kind) {
    case "picture":
      return <img class="photo" data-test="photo-shown" src={shown.url} alt={w.photo} onError={() => setShown({ kind: "damaged" })} />;
    case "other":
      return (
        <a class="attachment" href={shown.url} download={fileName(file.name)}>
          {w.saveFile(fileName(file.name))} ({sizeText(shown.size)})
        </a>
      );
    case "loading":
      return <span class="photo placeholder">{w.loading}</span>;
    case "damaged":
      return <span class="photo placeholder">{w.fileDamaged}</span>;
    case "unasked":
    case "absent":
      break;
  }
  return (
    <>
      {shown.kind === "absent" && <p class="words">{w.photoAbsent}</p>}
      <button type="button" class="photo placeholder" onClick={() => setShown({ kind: "loading" })}>
        {file.mediaType.startsWith("image/") ? w.photoFetch : w.fileFetch(fileName(file.name))} ({sizeText(file.size)})
      </button>
    </>
  );
}

interface Props {
  readonly row: MessageView;
  readonly page: Page;
  readonly online: boolean;
}

export function MessageRow({ row, page, online }: Props): JSX.Element {
  const w = words();
  const { delivery, mine } = row;
  const stuck = delivery === "failed" || (delivery === "queued" && !online);
  return (
    <li class={`message ${mine ? "mine" : "theirs"}`} data-test="message" data-kind={row.kind} data-delivery={delivery}>
      {/* The name is what a member of the clinic told, proven against the clinic log; without it the clinic speaks. */}
      <span class={mine ? "hidden" : "author"} dir="auto">{mine ? w.you : row.author}</span>
      <div class="bubble">
        {row.file !== null && <File page={page} file={row.file} />}
        {row.kind === "deleted" ? <p class="deleted">{w.deleted}</p> : row.text !== "" && <p class="words" dir="auto">{row.text}</p>}
      </div>
      {row.forked && <p class="notice bad">{w.forked}</p>}
      <p class="meta">
        <time dateTime={new Date(row.time).toISOString()}>{timeOf(row.time)}</time>
        <Tick delivery={delivery} />
      </p>
      {stuck && (
        <button type="button" class={`retry ${delivery}`} data-test="retry" onClick={() => void page.retry(row.key)}>
          {w.retry}
        </button>
      )}
    </li>
  );
}

export function Mark({ mark }: { readonly mark: MarkView["mark"] }): JSX.Element {
  const w = words();
  return (
    <li class={mark === "copied" ? "gap" : "earlier"} data-test={`mark-${mark}`}>
      {mark === "copied" ? w.copiedElsewhere : w.earlierPhone}
    </li>
  );
}

export function Gap({ gap }: { readonly gap: GapView }): JSX.Element {
  return (
    <li class="gap" data-test="gap" data-count={gap.count}>
      {words().gap(gap.count)}
    </li>
  );
}

export function JoinedRow({ row }: { readonly row: JoinedView }): JSX.Element {
  return (
    <li class="joined" data-test="joined">
      {words().joined(row.author)}
    </li>
  );
}
