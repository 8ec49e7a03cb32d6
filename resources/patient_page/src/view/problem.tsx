import type { JSX } from "preact";
import type { Page } from "../page";
import { type ProblemWords, words } from "../words";
import { EraseHere } from "./erase";
import { Card, Heading, PhoneLink } from "./parts";

/** Where pressing the button again can help. For the others the sentence says what does. */
const PASSING: ReadonlySet<ProblemWords> = new Set(["unreachable", "busy", "log.stale", "config"]);
const RELOAD: ReadonlySet<ProblemWords> = new Set(["elsewhere", "storage-denied", "storage-overtaken", "storage-unreadable", "not-erased", "fault"]);

interface Props {
  readonly page: Page;
  readonly problem: ProblemWords;
  readonly begun: boolean;
}

export function ProblemScreen({ page, problem, begun }: Props): JSX.Element {
  const { title, text } = words().problems[problem];
  const reloads = RELOAD.has(problem) || (begun && PASSING.has(problem));
  return (
    <Card name="problem" isPrivate={false}>
      <Heading>{title}</Heading>
      <p data-problem={problem}>{text}</p>
      <div class="actions">
        {(reloads || PASSING.has(problem)) && (
          <button type="button" class="button" data-test="again" onClick={() => (reloads ? page.reload() : void page.again())}>
            {words().again}
          </button>
        )}
        <PhoneLink page={page} />
      </div>
      {(begun || problem === "storage-unreadable") && <EraseHere page={page} />}
    </Card>
  );
}
