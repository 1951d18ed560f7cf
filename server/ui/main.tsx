/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The web notebook.
 *
 * @module
 */
import { render } from "preact";
import { App } from "./components/app.tsx";
import { Workspace } from "./workspace/workspace.ts";

const workspace = new Workspace();
render(<App workspace={workspace} />, document.getElementById("app")!);
await workspace.start();
