import type { JSX } from "preact";
import type { Page } from "../page";
import { type ProblemWords, words } from "../words";
import { EraseHere } from "./erase";
import { Card, Heading, PhoneLink } from "./parts";

/** Where pressing the button again can help. For the others the sentence says what does. */
const PASSING: ReadonlySet<ProblemWords> = new Set(["unreachable", "busy", "log.stale", "config"]);
const RELOAD: ReadonlySet<ProblemWords> = new Set(["elsewhere", "storage-denied", "storage-full", "storage-overtaken", "storage-unreadable", "not-erased", "fault"]);

/** Where nothing has been kept yet, and a chat can begin that is kept nowhere. */
const KEEPLESS: ReadonlySet<ProblemWords> = new Set(["storage-denied", "storage-full"]);

interface Props {
  readonly page: Page;
  readonly problem: ProblemWords;
  readonly begun: boolean;
}

export function ProblemScreen({ page, problem, begun }: Props): JSX.Element {
  const { title, text } = words().problems[problem];
  const reloads = RELOAD.has(problem) || (begun && PASSING.has(problem));
  const keepless = !begun && KEEPLESS.has(problem);
  return (
    <Card name="problem" isPrivate={false}>
      <Heading>{title}</Heading>
      <p data-problem={problem}>{text}</p>
      {keepless && <p>{words().keepNothingText}</p>}
      <div class="actions">
        {(reloads || PASSING.has(problem)) && (
          <button type="button" class="button" data-test="again" onClick={() => (reloads ? page.reload() : void page.again())}>
            {words().again}
          </button>
        )}
        {keepless && (
          <button type="button" class="quiet" data-test="keep-nothing" onClick={() => void page.goOnWithoutKeeping()}>
            {words().keepNothing}
          </button>
        )}
        <PhoneLink page={page} />
      </div>
      {(begun || problem === "storage-unreadable") && <EraseHere page={page} />}
    </Card>
  );
}
