/** What goes beside words: a photo taken now, one that is there, or a file. It is looked at once more before it leaves. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Chosen, Unsendable, prepare } from "../chosen";
import type { Page } from "../page";
import { FILE } from "../protocol/limits";
import { problemOf } from "../screen";
import { words } from "../words";
import { attachWords } from "./attach_words";
import { Busy } from "./parts";
import { sizeText } from "./size_text";

type Looking = { readonly kind: "look"; readonly wrong: string; readonly chosen: Chosen };
type Step = { readonly kind: "choose" | "making"; readonly wrong: string } | Looking;

const BEGINNING: Step = { kind: "choose", wrong: "" };

function sentence(error: unknown): string {
  return error instanceof Unsendable ? attachWords().wrong[error.why](sizeText(FILE.value)) : words().problems[problemOf(error)].text;
}

interface SourceProps {
  readonly name: string;
  readonly text: string;
  readonly accept: string;
  readonly choose: (file: File) => void;
  readonly isCamera?: boolean;
}

function Source({ name, text, accept, choose, isCamera = false }: SourceProps): JSX.Element {
  const take = (input: HTMLInputElement): void => {
    const [file] = input.files ?? [];
    if (file !== undefined) choose(file);
  };
  return (
    <label class="button second source">
      {text}
      <input type="file" accept={accept} capture={isCamera ? "environment" : undefined} data-test={name} onChange={(event) => take(event.currentTarget)} />
    </label>
  );
}

/** Android's Chrome shows no camera beside the pictures of a telephone: it has to be asked for by itself. */
function Sources({ choose }: { readonly choose: (file: File) => void }): JSX.Element {
  const w = attachWords();
  return (
    <div class="actions">
      {matchMedia("(pointer: coarse)").matches && <Source name="camera" text={w.camera} accept="image/*" choose={choose} isCamera />}
      <Source name="photo" text={w.photo} accept="image/*" choose={choose} />
      <Source name="file" text={w.file} accept="" choose={choose} />
    </div>
  );
}

function Sheet(): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M13 3H6v18h12V8zv5h5" />
    </svg>
  );
}

function Look({ chosen }: { readonly chosen: Chosen }): JSX.Element {
  const w = attachWords();
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (!chosen.isPhoto) return undefined;
    const made = URL.createObjectURL(new Blob([chosen.bytes as Uint8Array<ArrayBuffer>], { type: chosen.mediaType }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [chosen]);
  return (
    <>
      {url !== "" && <img class="look" data-test="chosen-photo" src={url} alt={words().photo} />}
      <p class="chosen">
        {!chosen.isPhoto && <Sheet />}
        <span data-test="chosen">
          {!chosen.isPhoto && <bdi class="label">{chosen.name}, </bdi>}
          {sizeText(chosen.bytes.length)}
        </span>
      </p>
      <p class="hint">{chosen.isPhoto ? w.photoNote : w.fileNote}</p>
    </>
  );
}

export function Attach({ page }: { readonly page: Page }): JSX.Element {
  const w = attachWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const [step, setStep] = useState(BEGINNING);
  const { kind, wrong } = step;
  // The button that led there is gone, and the focus would be with it.
  useEffect(() => {
    if (dialog.current?.open === true) title.current?.focus();
  }, [kind]);
  // Counts what was begun and what was closed: whoever turned away meanwhile wants none of the old.
  const turn = useRef(0);
  const begin = (): (() => boolean) => {
    const mine = (turn.current += 1);
    setStep({ kind: "making", wrong: "" });
    return () => turn.current === mine;
  };
  const close = (): void => dialog.current?.close();
  const closed = (): void => {
    turn.current += 1;
    setStep(BEGINNING);
  };
  const choose = async (file: File): Promise<void> => {
    const isWanted = begin();
    const next = await prepare(file).then(
      (chosen): Step => ({ kind: "look", wrong: "", chosen }),
      (error: unknown): Step => ({ ...BEGINNING, wrong: sentence(error) }),
    );
    if (isWanted()) setStep(next);
  };
  const send = async (looking: Looking): Promise<void> => {
    const isWanted = begin();
    try {
      await page.sendFile(looking.chosen);
      if (isWanted()) close();
    } catch (error) {
      // Whoever closed it takes it for sent.
      if (dialog.current?.open === false) dialog.current.showModal();
      setStep({ ...looking, wrong: sentence(error) });
    }
  };
  return (
    <>
      <button type="button" class="round" data-test="attach" aria-haspopup="dialog" aria-label={w.add} onClick={() => dialog.current?.showModal()}>
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 8h3l2-3h6l2 3h3v11H4zm8 2.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7" />
        </svg>
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby="attach-title" onClose={closed}>
        <div class="dialog-top">
          <h2 id="attach-title" ref={title} tabIndex={-1}>{kind === "look" ? w.look : w.add}</h2>
          <button type="button" class="round" data-test="attach-close" aria-label={words().close} onClick={close}>
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
              <path d="m6 6 12 12M18 6 6 18" />
            </svg>
          </button>
        </div>
        {kind === "choose" && <Sources choose={(file) => void choose(file)} />}
        {kind === "making" && <Busy text={w.making} />}
        {step.kind === "look" && <Look chosen={step.chosen} />}
        <p class="wrong" role="alert" data-test="attach-wrong">
          {wrong}
        </p>
        {step.kind === "look" && (
          <div class="actions">
            <button type="button" class="button" data-test="chosen-send" onClick={() => void send(step)}>
              {w.send}
            </button>
            <button type="button" class="button second" data-test="chosen-drop" onClick={() => setStep(BEGINNING)}>
              {w.drop}
            </button>
          </div>
        )}
      </dialog>
    </>
  );
}
