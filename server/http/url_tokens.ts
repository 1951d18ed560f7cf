import type { Context } from "hono";

/**
 * The query parameter of Colab's websockets with the address that a person has entered there, such as
 * `http://localhost:8000/?token=...`.
 */
const COLAB_LOGIN_URL = "jupyter_http_over_ws_auth_url";

/** Returns the tokens in the URL: that of `?token=`, and that of the address by which Colab logs in. */
export function tokensInUrl(c: Context): string[] {
  const loginUrl = c.req.query(COLAB_LOGIN_URL) ?? "";
  return [c.req.query("token"), URL.parse(loginUrl)?.searchParams.get("token")]
    .filter((it) => typeof it === "string");
}
