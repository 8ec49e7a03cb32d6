/** Which screen stands behind the button. */
import type { JSX } from "preact";
import type { Page } from "../page";
import type { View } from "../screen";
import { words } from "../words";
import { Check, Checking, Consent, Refused } from "./admission";
import { Chat } from "./chat";
import { Erased } from "./erased";
import { Working } from "./start";

export interface LineProps {
  readonly page: Page;
  readonly view: View;
}

export function LineScreen({ page, view }: LineProps): JSX.Element {
  switch (view.screen) {
    case "consent":
      return <Consent page={page} view={view} />;
    case "check":
      // A try begins with empty fields.
      return <Check key={view.triesLeft} page={page} view={view} />;
    case "checking":
      return <Checking page={page} view={view} />;
    case "chat":
      return <Chat page={page} view={view} />;
    case "refused":
      return <Refused page={page} />;
    case "erased":
      return <Erased page={page} told={view.told} />;
    // The shell's own.
    case "start":
    case "joining":
    case "erasing":
    case "problem":
      break;
  }
  return <Working text={words().opening} />;
}
