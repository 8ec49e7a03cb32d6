/** Which screen stands. Those that may come before the engine are here, the others in line_screen.tsx. */
import type { JSX } from "preact";
import type { Page } from "../page";
import type { View } from "../screen";
import { words } from "../words";
import { ProblemScreen } from "./problem";
import { InApp, Opening, SecondTab, Start, Working } from "./start";

function Ready({ page, view }: { readonly page: Page; readonly view: View }): JSX.Element {
  switch (view.screen) {
    case "start":
      return <Start page={page} />;
    case "joining":
      return <Working text={words().connecting} />;
    case "erasing":
      return <Working text={words().erasing} />;
    case "problem":
      return <ProblemScreen page={page} problem={view.problem ?? "fault"} begun={view.safetyNumber.length > 0} />;
    case "consent":
    case "check":
    case "checking":
    case "chat":
    case "refused":
    case "erased":
      break;
  }
  const LineScreen = page.engine.value?.LineScreen;
  return LineScreen === undefined ? <Working text={words().opening} /> : <LineScreen page={page} view={view} />;
}

export function App({ page }: { readonly page: Page }): JSX.Element {
  const stage = page.stage.value;
  const view = page.view.value;
  switch (stage.kind) {
    case "opening":
      return <Opening page={page} />;
    case "in-app":
      return <InApp page={page} />;
    case "second-tab":
      return <SecondTab page={page} />;
    case "locked": {
      const LockScreen = page.engine.value?.LockScreen;
      return LockScreen === undefined ? <Working text={words().opening} /> : <LockScreen page={page} lock={stage.lock} />;
    }
    case "erased": {
      const Erased = page.engine.value?.Erased;
      return Erased === undefined ? <Working text={words().opening} /> : <Erased page={page} told={false} />;
    }
    case "problem":
      return <ProblemScreen page={page} problem={stage.problem} begun={false} />;
    case "ready":
      break;
  }
  return view === undefined ? <Start page={page} /> : <Ready page={page} view={view} />;
}
