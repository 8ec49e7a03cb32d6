/** How many messages came while nobody looked, as a number in the title and on the app's icon. Never what they say, nor from whom. */
import type { MessageView, RowView } from "./transcript";
import { words } from "./words";

const isNews = (row: RowView): row is MessageView => (row.kind === "text" || row.kind === "file") && !row.mine;

/** What the clinic wrote on this device; what was said on an earlier one is nothing new. */
export function newsOf(rows: readonly RowView[]): readonly MessageView[] {
  const earlier = rows.findLastIndex((row) => row.kind === "mark" && row.mark === "earlier");
  return rows.slice(earlier + 1).filter(isNews);
}

export class Unread {
  /** Undefined until the first look: what lay on the device then was there before. */
  #seen: Set<string> | undefined;

  count(rows: readonly RowView[], hidden: boolean): number {
    const keys = newsOf(rows).map(({ key }) => key);
    if (!hidden || this.#seen === undefined) this.#seen = new Set([...(this.#seen ?? []), ...keys]);
    const seen = this.#seen;
    return keys.filter((key) => !seen.has(key)).length;
  }
}

export const titled = (title: string, count: number): string => (count === 0 ? title : `(${count}) ${title}`);

export function showBadge(count: number): void {
  document.title = titled(words().title, count);
  const { setAppBadge } = navigator as Partial<Navigator>;
  // Zero takes it away. A browser that draws none, or not for this page, still has the title.
  setAppBadge?.call(navigator, count).catch(() => undefined);
}
