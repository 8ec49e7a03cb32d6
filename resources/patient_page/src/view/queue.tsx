/** What is true only for the moment: whether the clinic is open, where the patient stands in the queue, and who types. */
import type { JSX } from "preact";
import type { View } from "../screen";
import { words } from "../words";
import { openingText } from "./hours_words";

export function Moment({ view: { opening, place, typing } }: { readonly view: View }): JSX.Element {
  const w = words();
  return (
    <div class="moment" role="status">
      {opening !== null && <p class="place" data-test="opening">{openingText(opening)}</p>}
      {place !== null && <p class="place" data-test="queue">{w.queue(place.ahead, opening === null ? place.minutes : null)}</p>}
      {typing !== null && <p data-test="typing">{w.typing(typing)}</p>}
    </div>
  );
}
