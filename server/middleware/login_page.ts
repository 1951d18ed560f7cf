import type { Context } from "hono";
import { html } from "hono/html";

// A client without the token may not read the bundle, so that this page has a style of its own.
const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { display: grid; place-items: center; min-height: 100vh; margin: 0; }
  form { display: grid; gap: .75rem; width: min(22rem, 88vw); }
  h1 { font-size: 1.25rem; margin: 0; }
  p { margin: 0; opacity: .75; }
  input, button { font: inherit; padding: .5rem .75rem; border-radius: .5rem; border: 1px solid #8888; }
  button { background: #2563eb; border-color: #2563eb; color: white; cursor: pointer; }
  [role=alert] { color: #dc2626; opacity: 1; }
`;

/** Answers with a form that asks a person for the token; `problem` says why an attempt has failed. */
export function loginPage(
  c: Context,
  problem: string,
  status: 200 | 403 = 403,
): Response | Promise<Response> {
  const nonce = crypto.getRandomValues(new Uint8Array(16)).toBase64();
  const page = html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Deno Code Interpreter</title>
        <style nonce="${nonce}">${STYLE}</style>
      </head>
      <body>
        <form method="post" action="/login">
          <h1>Deno Code Interpreter</h1>
          <p>This server needs its token, which was printed when the server started.</p>
          <label for="token">Token</label>
          <input id="token" name="token" type="password" autocomplete="current-password" required
            autofocus>
          <p role="alert">${problem}</p>
          <button>Open</button>
        </form>
      </body>
    </html>
  `;
  return c.html(page, status, {
    "Content-Security-Policy":
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'`,
    "Cache-Control": "no-store",
  });
}
