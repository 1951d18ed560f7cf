import assert from "node:assert/strict";
import { withServer } from "../../support/server.ts";

const TOKEN = "0123456789abcdef";

async function refusal(response: Response): Promise<string> {
  assert.equal(response.status, 403);
  return (await response.json()).code;
}

Deno.test("checkHost() lets in addresses, localhost and the names that are configured", () =>
  withServer({ ALLOWED_HOSTS: "Kernels.example.com" }, async (server) => {
    for (
      const host of [
        "localhost:8000",
        "127.0.0.1",
        "[::1]:8000",
        "192.168.1.7:80",
        "app.localhost",
        "kernels.example.com:443",
        "KERNELS.EXAMPLE.COM",
      ]
    ) {
      const response = await server.request("GET", "/health", undefined, { Host: host });
      assert.equal(response.status, 200, host);
    }
  }));

Deno.test("checkHost() refuses names that others may have made point here", () =>
  withServer({}, async (server) => {
    for (
      const host of [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evillocalhost",
        "127.0.0.1@evil.example",
        "",
      ]
    ) {
      const response = await server.request("GET", "/api/kernels", undefined, { Host: host });
      assert.equal(await refusal(response), "host_not_allowed", host);
    }
  }));

Deno.test("checkOrigin() lets in programs and the server's own pages", () =>
  withServer({}, async (server) => {
    for (
      const headers of [
        {},
        { Host: "localhost:8000", Origin: "http://localhost:8000" },
        { Host: "localhost:8000", Origin: "https://localhost:8000" },
        { "Sec-Fetch-Site": "same-origin" },
        { "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate" },
      ]
    ) {
      const response = await server.request("POST", "/api/kernels", {}, headers as HeadersInit);
      assert.equal(response.status, 201, JSON.stringify(headers));
      assert.equal(response.headers.get("Access-Control-Allow-Origin"), null);
    }
  }));

Deno.test("checkOrigin() refuses pages of other origins, and nothing happens", () =>
  withServer({ ALLOWED_ORIGINS: "https://notebooks.example.com" }, async (server) => {
    for (
      const headers of [
        { Host: "localhost:8000", Origin: "http://localhost:9000" },
        { Host: "localhost:8000", Origin: "http://evil.example" },
        { Origin: "null" },
        { Origin: "https://notebooks.example.com.evil.example" },
        { Origin: "http://notebooks.example.com" },
        { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" },
        {
          "Sec-Fetch-Site": "cross-site",
          "Sec-Fetch-Mode": "navigate",
          "Sec-Fetch-Dest": "document",
        },
      ]
    ) {
      const response = await server.request("POST", "/api/kernels", {}, headers as HeadersInit);
      assert.equal(await refusal(response), "origin_not_allowed", JSON.stringify(headers));
    }
    assert.deepEqual(server.kernels.listKernels(), []);
    // Another port of this machine is the same site.
    for (const site of ["cross-site", "same-site"]) {
      const image = { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors" };
      const response = await server.request("GET", "/api/kernels", undefined, image);
      assert.equal(await refusal(response), "origin_not_allowed");
    }
    const link = {
      "Sec-Fetch-Site": "cross-site",
      "Sec-Fetch-Mode": "navigate",
      "Sec-Fetch-Dest": "document",
    };
    assert.equal((await server.request("GET", "/docs", undefined, link)).status, 200);
  }));

Deno.test("checkOrigin() answers pages of the allowed origins with CORS", () =>
  withServer({ ALLOWED_ORIGINS: "https://notebooks.example.com", TOKEN }, async (server) => {
    const Origin = "https://notebooks.example.com";
    const preflight = await server.request("OPTIONS", "/api/kernels", undefined, {
      Origin,
      "Access-Control-Request-Method": "POST",
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("Access-Control-Allow-Origin"), Origin);
    assert.match(preflight.headers.get("Access-Control-Allow-Headers")!, /Last-Event-ID/);
    assert.match(preflight.headers.get("Access-Control-Allow-Methods")!, /PATCH/);
    assert.equal(preflight.headers.get("Access-Control-Allow-Private-Network"), null);
    const local = await server.request("OPTIONS", "/api/kernels", undefined, {
      Origin,
      "Access-Control-Request-Method": "GET",
      "Access-Control-Request-Private-Network": "true",
    });
    assert.equal(local.headers.get("Access-Control-Allow-Private-Network"), "true");
    const Authorization = `Bearer ${TOKEN}`;
    const answer = await server.request("GET", "/api/kernels", undefined, {
      Origin,
      Authorization,
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("Access-Control-Allow-Origin"), Origin);
    assert.match(answer.headers.get("Access-Control-Expose-Headers")!, /X-Request-Id/);
  }));

Deno.test("requireToken() takes the token from a header, and no other token", () =>
  withServer({ TOKEN }, async (server) => {
    const get = (headers: HeadersInit, path = "/api/kernels") =>
      server.request("GET", path, undefined, headers);
    for (const scheme of ["Bearer", "bearer", "token", "Token"]) {
      assert.equal((await get({ Authorization: `${scheme} ${TOKEN}` })).status, 200, scheme);
    }
    for (
      const Authorization of ["", "Bearer", "Bearer x", `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN]
    ) {
      const response = await get({ Authorization });
      assert.equal(response.headers.get("WWW-Authenticate"), "Bearer");
      assert.equal(await refusal(response), "token_required", Authorization);
    }
    assert.equal((await get({}, `/api/kernels?token=${TOKEN}`)).status, 200);
    assert.equal(await refusal(await get({}, `/api/kernels?token=${TOKEN}x`)), "token_required");
    assert.equal(await refusal(await get({}, "/openapi.json")), "token_required");
    assert.equal(await refusal(await get({}, "/metrics")), "token_required");
    assert.equal((await get({}, "/health")).status, 200);
  }));

Deno.test("requireToken() gives a browser a cookie for the token, which is not in it", () =>
  withServer({ TOKEN }, async (server) => {
    const page = { Accept: "text/html,*/*" };
    const opened = await server.request("GET", `/?token=${TOKEN}&x=1`, undefined, page);
    assert.equal(opened.status, 303);
    assert.equal(opened.headers.get("Location"), "/?x=1");
    const set = opened.headers.get("Set-Cookie")!;
    assert.match(set, /HttpOnly/);
    assert.match(set, /SameSite=Strict/);
    assert(!set.includes(TOKEN));
    const Cookie = set.split(";")[0]!;
    assert.equal((await server.request("GET", "/api/kernels", undefined, { Cookie })).status, 200);
    const forged = { Cookie: `${Cookie.slice(0, -1)}_` };
    const response = await server.request("GET", "/api/kernels", undefined, forged);
    assert.equal(await refusal(response), "token_required");
    const other = await server.request("GET", "/?token=wrong", undefined, page);
    assert.equal(other.status, 403);
    assert.match(await other.text(), /That is not the token/);
  }));

Deno.test("requireToken() asks a browser for the token with a form", () =>
  withServer({ TOKEN }, async (server) => {
    const form = await server.request("GET", "/", undefined, { Accept: "text/html" });
    assert.equal(form.status, 403);
    assert.match(await form.text(), /<form method="post" action="\/login">/);
    assert.match(form.headers.get("Content-Security-Policy")!, /default-src 'none'/);
    const post = (token: string) =>
      server.request("POST", "/login", new URLSearchParams({ token }).toString(), {
        "Content-Type": "application/x-www-form-urlencoded",
      });
    const entered = await post(TOKEN);
    assert.deepEqual([entered.status, entered.headers.get("Location")], [302, "/"]);
    assert.match(entered.headers.get("Set-Cookie")!, /^kernel-session-/);
    const refused = await post("<script>");
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get("Set-Cookie"), null);
  }));

Deno.test("requireToken() lets VS Code in with the token as a password", () =>
  withServer({ TOKEN }, async (server) => {
    assert.equal((await server.request("GET", "/hub/api")).status, 403);
    assert.notEqual((await server.request("GET", "/tree?")).status, 200);
    const form = await server.request("GET", "/login?");
    assert.equal(form.status, 200);
    const xsrf = /^_xsrf=([^;]+)/.exec(form.headers.get("Set-Cookie")!)![1]!;
    const post = (password: string) =>
      server.request("POST", "/login?", new URLSearchParams({ _xsrf: xsrf, password }).toString(), {
        "Cookie": `_xsrf=${xsrf}`,
        "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
      });
    assert.equal((await post("wrong")).status, 403);
    const entered = await post(TOKEN);
    assert.equal(entered.status, 302);
    const session = entered.headers.get("Set-Cookie")!.split(";")[0];
    const answer = await server.request("POST", "/api/kernels", {}, {
      "Cookie": `_xsrf=${xsrf}; ${session}`,
      "X-XSRFToken": xsrf,
    });
    assert.equal(answer.status, 201);
  }));

Deno.test("requireToken() takes the token from the address that Colab logs in at", () =>
  withServer({ TOKEN }, async (server) => {
    const get = (loginUrl: string) =>
      server.request(
        "GET",
        `/api/kernels?jupyter_http_over_ws_auth_url=${encodeURIComponent(loginUrl)}`,
      );
    assert.equal((await get(`http://localhost:8000/?token=${TOKEN}`)).status, 200);
    for (const url of ["http://localhost:8000/?token=wrong", "http://localhost:8000", TOKEN, ""]) {
      assert.equal(await refusal(await get(url)), "token_required", url);
    }
  }));

Deno.test("securityHeaders() are on every answer, errors too", () =>
  withServer({}, async (server) => {
    for (
      const [method, path] of [["GET", "/health"], ["GET", "/nothing"], [
        "POST",
        "/api/kernels/x/restart",
      ]]
    ) {
      const { headers } = await server.request(method!, path!);
      assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
      assert.equal(headers.get("Cross-Origin-Resource-Policy"), "same-origin");
      assert.equal(
        headers.get("Content-Security-Policy"),
        "default-src 'none'; frame-ancestors 'none'",
      );
    }
  }));

Deno.test("requestLog() names each request, by the client's name if that is one", () =>
  withServer({}, async (server) => {
    const idOf = async (headers: HeadersInit) =>
      (await server.request("GET", "/nothing", undefined, headers)).headers.get("X-Request-Id");
    assert.equal(await idOf({ "X-Request-Id": "client-42.a" }), "client-42.a");
    for (const bad of ["short", "with space", "x".repeat(65), 'a"b-c-d-e-f']) {
      assert.match((await idOf({ "X-Request-Id": bad }))!, /^[0-9a-f-]{36}$/);
    }
    const error = await server.request("GET", "/nothing", undefined, {
      "X-Request-Id": "client-43",
    });
    assert.equal((await error.json()).requestId, "client-43");
  }));

Deno.test("jsonBody() reads JSON whatever its type is said to be", () =>
  withServer({}, async (server) => {
    for (
      const type of [
        "application/json",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "",
      ]
    ) {
      const response = await server.request("POST", "/api/kernels", '{"namespace": "n"}', {
        "Content-Type": type,
      });
      assert.equal((await response.json()).namespace, "n", type);
    }
    const broken = await server.request("POST", "/api/kernels", '{"id": "a",}');
    assert.equal(broken.status, 400);
    const { code, message } = await broken.json();
    assert.equal(code, "invalid_json");
    assert.match(message, /position 11/);
  }));

Deno.test("jsonBody() refuses what is too large, also when its length is not told", () =>
  withServer({ MAX_BODY_BYTES: "1k" }, async (server) => {
    const large = JSON.stringify({ namespace: "x".repeat(2000) });
    for (const body of [large, new Blob([large]).stream()]) {
      const response = await server.request("POST", "/api/kernels", body);
      assert.equal(response.status, 413);
      const { code, message } = await response.json();
      assert.equal(code, "payload_too_large");
      assert.match(message, /1024 bytes \(MAX_BODY_BYTES\)/);
    }
    assert.deepEqual(server.kernels.listKernels(), []);
  }));

Deno.test("rateLimit() refuses a client that asks too often, and tells when to come back", () =>
  withServer({ RATE_LIMIT: "3" }, async (server) => {
    const url = await server.listen();
    const get = (path: string) => fetch(url + path);
    for (let i = 0; i < 3; i++) await (await get("/api/kernels")).body?.cancel();
    const refused = await get("/api/kernels");
    assert.equal(refused.status, 429);
    assert.equal((await refused.json()).code, "rate_limited");
    const after = Number(refused.headers.get("Retry-After"));
    assert(after > 0 && after <= 60);
    const health = await get("/health");
    assert.equal(health.status, 200);
    await health.body?.cancel();
  }));

for (
  const [path, headers] of [
    ["/metrics"],
    ["/docs"],
    ["/?token=x"],
    ["//api/kernels"],
    ["/nothing"],
    ["/login"],
    ["/api/kernels", { Host: "evil.example" }],
    ["/api/kernels", { Origin: "http://evil.example" }],
    ["/api/events/subscribe", { Connection: "Upgrade", Upgrade: "websocket" }],
  ] as [string, HeadersInit?][]
) {
  Deno.test(`rateLimit() counts ${path} ${JSON.stringify(headers ?? {})}`, () =>
    withServer({ RATE_LIMIT: "2", TOKEN }, async (server) => {
      for (let i = 0; i < 2; i++) await server.request("GET", path, undefined, headers);
      assert.equal((await server.request("GET", path, undefined, headers)).status, 429);
    }));
}

Deno.test("requireToken() counts the wrong tokens of a client wherever they are, and then believes none", () =>
  withServer({ TOKEN }, async (server) => {
    const form = (token: string) =>
      server.request("POST", "/login", new URLSearchParams({ token }).toString(), {
        "Content-Type": "application/x-www-form-urlencoded",
      });
    const guess = [
      (token: string) => server.request("GET", `/metrics?token=${token}`),
      (token: string) =>
        server.request("GET", "/api/kernels", undefined, { Authorization: `Bearer ${token}` }),
      (token: string) =>
        server.request("GET", "/docs", undefined, {
          Cookie: `kernel-session-${server.config.port}=${token}`,
        }),
      form,
    ];
    for (let i = 0; i < 10; i++) {
      assert.equal((await guess[i % guess.length]!(`wrong-${i}`)).status, 403, String(i));
    }
    // A page with an old cookie repeats itself, and learns nothing new.
    assert.equal((await guess[0]!("wrong-0")).status, 403);
    for (const attempt of guess) assert.equal((await attempt("wrong-again")).status, 429);
    assert.equal((await guess[1]!(TOKEN)).status, 429);
    assert.equal((await form(TOKEN)).headers.get("Set-Cookie"), null);
    assert.equal((await server.request("GET", "/health")).status, 200);
  }));

Deno.test("requireToken() counts wrong tokens that come with a right one", () =>
  withServer({ TOKEN }, async (server) => {
    const { secret } = server.services.tokens.issue({ namespace: "alice" });
    const ask = (guess: string) =>
      server.request("GET", `/api/kernels?token=${secret}`, undefined, {
        Authorization: `Bearer ${guess}`,
      });
    for (let i = 0; i < 10; i++) assert.equal((await ask(`wrong-${i}`)).status, 200, String(i));
    assert.equal((await ask("wrong-10")).status, 429);
    assert.equal((await ask(TOKEN)).status, 429);
  }));

Deno.test("requireToken() does not count a repeated wrong token as another guess", () =>
  withServer({ TOKEN }, async (server) => {
    const get = (token: string) =>
      server.request("GET", "/api/kernels", undefined, { Authorization: `Bearer ${token}` });
    for (let i = 0; i < 30; i++) assert.equal((await get("old")).status, 403);
    assert.equal((await get(TOKEN)).status, 200);
  }));

Deno.test("requireToken() refuses a login form that is too large", () =>
  withServer({ TOKEN }, async (server) => {
    const response = await server.request("POST", "/login", `token=${"x".repeat(10_000)}`, {
      "Content-Type": "application/x-www-form-urlencoded",
    });
    assert.equal(response.status, 413);
  }));

Deno.test("requireToken() leads to no other host when it takes the token out of the address", () =>
  withServer({ TOKEN }, async (server) => {
    const response = await server.request("GET", `//evil.example/x?token=${TOKEN}`, undefined, {
      Accept: "text/html",
    });
    assert.match(response.headers.get("Location") ?? "", /^\/(?!\/)/);
  }));

Deno.test("identifyClient() believes a proxy only if it is trusted", async () => {
  const logIn = async (trusted: string) => {
    let cookie: string | null = null;
    await withServer({ TOKEN, TRUSTED_PROXIES: trusted }, async (server) => {
      const response = await fetch(`${await server.listen()}/?token=${TOKEN}`, {
        headers: { Accept: "text/html", "X-Forwarded-Proto": "https" },
        redirect: "manual",
      });
      await response.body?.cancel();
      cookie = response.headers.get("Set-Cookie");
    });
    return cookie ?? "";
  };
  assert.match(await logIn("127.0.0.1"), /; Secure/);
  assert.doesNotMatch(await logIn("10.0.0.1"), /Secure/);
});

Deno.test("identifyClient() counts the clients of a trusted proxy one by one", () =>
  withServer({ RATE_LIMIT: "1", TRUSTED_PROXIES: "127.0.0.1" }, async (server) => {
    const url = await server.listen();
    const status = async (forwarded: string) => {
      const response = await fetch(`${url}/docs`, { headers: { "X-Forwarded-For": forwarded } });
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await status("10.0.0.1"), 200);
    assert.equal(await status("10.0.0.2, 127.0.0.1"), 200);
    assert.equal(await status("10.0.0.9, 10.0.0.1"), 429);
  }));
