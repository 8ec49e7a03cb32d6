/** What is true only for the moment: where the patient stands in the queue, and who types. */
import type { JSX } from "preact";
import type { View } from "../screen";
import { words } from "../words";

export function Moment({ view: { place, typing } }: { readonly view: View }): JSX.Element {
  const w = words();
  return (
    <div class="moment" role="status">
      {place !== null && <p class="place" data-test="queue">{w.queue(place.ahead, place.minutes)}</p>}
      {typing !== null && <p data-test="typing">{w.typing(typing)}</p>}
    </div>
  );
}
