/**
 * The conversation as one file that any browser opens and prints, made on this device: what was written stands in it as
 * text, photos within it, and its policy leaves it nothing to run and nobody to ask.
 */
import { fileName } from "./file_name";
import { pictureType } from "./picture";
import type { EventOf } from "./protocol/content";
import { toBase64 } from "./protocol/encoding";
import type { View } from "./screen";
import type { MessageView, RowView } from "./transcript";
import { language, locale, words } from "./words";
import { savedWords } from "./view/saved_words";

export interface SavedCopy {
  readonly blob: Blob;
  readonly name: string;
  /** Photos and files that could not be loaded. */
  readonly missing: number;
}

type File = EventOf<"file">;
type Load = (file: File) => Promise<Uint8Array | undefined>;

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const STYLE = `:root{color-scheme:light dark;font:1.0625rem/1.5 system-ui,sans-serif}
body{max-width:44rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25}ol{list-style:none;padding:0}li{margin:0 0 1rem;padding:.625rem .875rem;border:1px solid #8a9a96;border-radius:.75rem}
li.mine{margin-inline-start:15%}li.theirs{margin-inline-end:15%}li.note{border-style:dashed;text-align:center}
p{margin:0}.words{white-space:pre-wrap;unicode-bidi:plaintext}.meta,.about{font-size:.875rem}.about{margin:0 0 .5rem}
img{display:block;max-width:100%;max-height:40rem}
@media print{@page{margin:1.5cm}body{margin:0;max-width:none}li{break-inside:avoid}img{max-height:18cm}}`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** As text within an element or a quoted attribute, and as nothing else. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "");

const dataUrl = (bytes: Uint8Array, type: string): string => `data:${type};base64,${toBase64(bytes)}`;

const paragraph = (kind: string, text: string): string => (text === "" ? "" : `<p class="${kind}">${escapeHtml(text)}</p>`);

function fileHtml(file: File, bytes: Uint8Array | undefined): string {
  const given = fileName(file.name);
  if (bytes === undefined) return paragraph("about", savedWords().notHere(given));
  const type = pictureType(bytes);
  if (type !== undefined) return `<img alt="${escapeHtml(words().photo)}" src="${dataUrl(bytes, type)}">`;
  const [name, label] = [escapeHtml(given), escapeHtml(words().saveFile(given))];
  return `<p><a download="${name}" href="${dataUrl(bytes, "application/octet-stream")}">${label}</a></p>`;
}

const timeOf = (time: number): string => new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(time);

function messageHtml(row: MessageView, clinic: string, file: string): string {
  const w = words();
  const author = row.mine ? w.you : row.author || clinic;
  const state = row.delivery === "received" ? "" : ` · ${w.delivery[row.delivery]}`;
  const said = row.kind === "deleted" ? paragraph("about", w.deleted) : file + paragraph("words", row.text);
  const time = `<time datetime="${new Date(row.time).toISOString()}">${escapeHtml(timeOf(row.time))}</time>`;
  return `<li class="${row.mine ? "mine" : "theirs"}"><p class="about"><bdi>${escapeHtml(author)}</bdi> · ${time}${escapeHtml(state)}</p>${said}${row.forked ? paragraph("about", w.forked) : ""}</li>`;
}

function noteOf(row: Exclude<RowView, MessageView>): string {
  const w = words();
  if (row.kind === "gap") return w.gap(row.count);
  if (row.kind === "joined") return w.joined(row.author);
  return row.mark === "copied" ? w.copiedElsewhere : w.earlierPhone;
}

const isMessage = (row: RowView): row is MessageView => "text" in row;

function head(clinic: string, now: number): string {
  const { chatWith } = words();
  const w = savedWords();
  const title = escapeHtml(chatWith(clinic));
  const at = new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "long" }).format(now);
  return `<!doctype html><html lang="${language.value}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1>${paragraph("about", w.savedAt(at))}${paragraph("about", w.keepSafe)}<ol>\n`;
}

/** Photos are read one by one, so that a long conversation is never in memory twice. */
export async function saveCopy({ clinic, rows }: View, load: Load, now: number): Promise<SavedCopy> {
  const name = clinic === "" ? words().yourClinic : clinic;
  const parts: Blob[] = [new Blob([head(name, now)])];
  let missing = 0;
  for (const row of rows) {
    const file = isMessage(row) ? row.file : null;
    const bytes = file === null ? undefined : await load(file).catch(() => undefined);
    if (file !== null && bytes === undefined) missing += 1;
    const html = isMessage(row) ? messageHtml(row, name, file === null ? "" : fileHtml(file, bytes)) : `<li class="note">${escapeHtml(noteOf(row))}</li>`;
    parts.push(new Blob([html, "\n"]));
  }
  parts.push(new Blob(["</ol></main></body></html>\n"]));
  return { blob: new Blob(parts, { type: "text/html" }), name: `chat-${new Date(now).toISOString().slice(0, 10)}.html`, missing };
}
