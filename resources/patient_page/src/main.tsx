/** Composition root of the page: the one place where its parts are put together. */
import "./shared";

import { render } from "preact";
import { Page } from "./page";
import { App } from "./view/app";
import { chooseLanguage } from "./words";

const root = document.getElementById("page");
if (root === null) throw new Error("index.html has no element #page");

const page = new Page();
chooseLanguage(navigator.languages);
render(<App page={page} />, root);
void page.begin();
