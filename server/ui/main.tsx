/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The web notebook.
 *
 * @module
 */
import { render } from "preact";
import { App } from "./components/app.tsx";
import { Viewer } from "./viewer/viewer.tsx";
import { Workspace } from "./workspace/workspace.ts";

const root = document.getElementById("app")!;
const [, viewed] = /^\/view\/(.+)$/.exec(location.pathname) ?? [];
if (viewed === undefined) {
  const workspace = new Workspace();
  render(<App workspace={workspace} />, root);
  await workspace.start();
} else render(<Viewer path={decodeURIComponent(viewed)} />, root);
