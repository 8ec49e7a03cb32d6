import { render } from "preact";

const page = document.getElementById("page");
if (page === null) throw new Error("index.html has no element #page");
render(<h1>Secure chat</h1>, page);
