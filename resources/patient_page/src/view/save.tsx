/** The file is made first and saved by the person's own press: a browser keeps no download that nobody asked for. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Page } from "../page";
import { type SavedCopy, saveCopy } from "../saved_copy";
import type { View } from "../screen";
import { words } from "../words";
import { Busy } from "./parts";
import { savedWords } from "./saved_words";

interface Props {
  readonly page: Page;
  readonly view: View;
}

type Made = (SavedCopy & { readonly url: string }) | "making" | "failed";

function useCopy({ page, view }: Props): Made {
  const [made, setMade] = useState<Made>("making");
  useEffect(() => {
    let url = "";
    let left = false;
    const make = async (): Promise<void> => {
      const copy = await saveCopy(view, (file) => page.file(file), Date.now());
      if (left) return;
      url = URL.createObjectURL(copy.blob);
      setMade({ ...copy, url });
    };
    make().catch(() => setMade("failed"));
    return () => {
      left = true;
      URL.revokeObjectURL(url);
    };
    // What is said meanwhile is in the next copy: this one stays as it is under the finger.
  }, [page]);
  return made;
}

export function Save(props: Props): JSX.Element {
  const w = savedWords();
  const made = useCopy(props);
  return (
    <>
      <p>{w.text}</p>
      <p>{w.print}</p>
      {made === "making" && <Busy text={w.making} />}
      {made === "failed" && <p class="wrong" role="alert">{w.failed}</p>}
      {typeof made === "object" && made.missing > 0 && <p class="notice" role="status" data-test="save-missing">{w.missing(made.missing)}</p>}
      {typeof made === "object" && (
        <a class="button" data-test="save-file" href={made.url} download={made.name}>
          {words().saveFile(made.name)}
        </a>
      )}
    </>
  );
}
