/**
 * A date of birth in three short fields, each with its name: nobody has to guess whose month comes first, and a telephone's number keys are enough.
 * The order is the one in which the reader's country writes dates.
 */
import type { JSX } from "preact";
import { locale, words } from "../words";

const PARTS = ["day", "month", "year"] as const;
type Part = (typeof PARTS)[number];

export type Typed = Readonly<Record<Part, string>>;

export const NOTHING_TYPED: Typed = { day: "", month: "", year: "" };

const OLDEST = 1880;
const LENGTH = { day: 2, month: 2, year: 4 } as const;

const isPart = (type: string): type is Part => (PARTS as readonly string[]).includes(type);

/** @param tag a language tag such as "en-GB" */
export function orderOf(tag: string): readonly Part[] {
  const written = new Intl.DateTimeFormat(tag, { calendar: "gregory", day: "numeric", month: "numeric", year: "numeric" }).formatToParts(0);
  return written.map((each) => each.type).filter(isPart);
}

/** As YYYY-MM-DD; undefined where there is no such day, or it has not come. */
export function birthDateOf({ day, month, year }: Typed, now: number): string | undefined {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = date.getUTCFullYear() === Number(year) && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return exists && Number(year) >= OLDEST && date.getTime() <= now ? date.toISOString().slice(0, 10) : undefined;
}

interface Props {
  readonly typed: Typed;
  readonly isWrong: boolean;
  readonly onTyped: (typed: Typed) => void;
}

export function BirthDate({ typed, isWrong, onTyped }: Props): JSX.Element {
  const w = words();
  const field = (part: Part): JSX.Element => (
    <div class={`field ${part}`} key={part}>
      <label class="hint" for={`birth-${part}`}>
        {w.dateParts[part]}
      </label>
      <input
        id={`birth-${part}`}
        data-test={`birth-${part}`}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        maxLength={LENGTH[part]}
        aria-describedby={isWrong ? "birth-wrong" : undefined}
        aria-invalid={isWrong}
        value={typed[part]}
        onInput={(event) => {
          const digits = event.currentTarget.value.replace(/\D/g, "");
          event.currentTarget.value = digits; // a letter that changes nothing is not drawn away
          onTyped({ ...typed, [part]: digits });
        }}
      />
    </div>
  );
  return (
    <fieldset aria-describedby="birth-hint">
      <legend class="label">{w.birthDate}</legend>
      <p class="hint" id="birth-hint">
        {w.birthDateHint}
      </p>
      <div class="date">{orderOf(locale()).map(field)}</div>
      <p class="wrong" id="birth-wrong" role="alert">
        {isWrong ? w.birthDateWrong : ""}
      </p>
    </fieldset>
  );
}
