/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The web notebook.
 *
 * @module
 */
import { render } from "preact";
import { AppView } from "./app_view/app_view.tsx";
import { App } from "./components/app.tsx";
import { Viewer } from "./viewer/viewer.tsx";
import { Workspace } from "./workspace/workspace.ts";

const root = document.getElementById("app")!;
const [, viewed] = /^\/view\/(.+)$/.exec(location.pathname) ?? [];
if (location.pathname.startsWith("/apps/")) render(<AppView />, root);
else if (viewed === undefined) {
  const workspace = new Workspace();
  render(<App workspace={workspace} />, root);
  await workspace.start();
} else render(<Viewer path={decodeURIComponent(viewed)} />, root);
