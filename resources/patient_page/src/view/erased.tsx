/** All is gone from here. Whether the clinic knows is said too: nothing can be signed for it where a lock stayed shut. */
import type { JSX } from "preact";
import type { Page } from "../page";
import { erasedWords } from "./erased_words";
import { Card, Heading, PhoneLink } from "./parts";

interface Props {
  readonly page: Page;
  readonly told: boolean;
}

export function Erased({ page, told }: Props): JSX.Element {
  const w = erasedWords();
  return (
    <Card name="erased" isPrivate={false}>
      <Heading>{w.title}</Heading>
      <p>{w.erased}</p>
      <p class={told ? "" : "warning"} data-test={told ? "told" : "untold"}>
        {told ? w.told : w.untold}
      </p>
      {!told && <PhoneLink page={page} />}
    </Card>
  );
}
