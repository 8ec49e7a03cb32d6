/** Which screen stands. */
import type { JSX } from "preact";
import type { View } from "../screen";
import type { Page } from "../page";
import { words } from "../words";
import { Check, Checking, Consent, Refused } from "./admission";
import { Chat } from "./chat";
import { ProblemScreen } from "./problem";
import { Erased, InApp, SecondTab, Start, Working } from "./start";

function LineScreen({ page, view }: { readonly page: Page; readonly view: View }): JSX.Element {
  switch (view.screen) {
    case "start":
      return <Start page={page} />;
    case "joining":
      return <Working text={words().connecting} />;
    case "erasing":
      return <Working text={words().erasing} />;
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
      return <Erased />;
    case "problem":
      break;
  }
  return <ProblemScreen page={page} problem={view.problem ?? "fault"} begun={view.safetyNumber.length > 0} />;
}

export function App({ page }: { readonly page: Page }): JSX.Element {
  const stage = page.stage.value;
  const view = page.view.value;
  switch (stage.kind) {
    case "opening":
      return <Working text={words().opening} />;
    case "in-app":
      return <InApp page={page} />;
    case "second-tab":
      return <SecondTab />;
    case "erased":
      return <Erased />;
    case "problem":
      return <ProblemScreen page={page} problem={stage.problem} begun={false} />;
    case "ready":
      break;
  }
  return view === undefined ? <Start page={page} /> : <LineScreen page={page} view={view} />;
}
