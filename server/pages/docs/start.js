/**
 * Starts the page of the API's description, and puts the ids of the last kernel and execution into the
 * other requests.
 */
const PLACES = { KERNEL_ID: undefined, EXECUTION_ID: undefined, JUPYCELL_ID: undefined };

const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", setTheme);
setTheme();

const ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  tryItOutEnabled: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  onComplete: () => {
    ui.layoutActions.show(["operations-tag", "Kernels"], true);
    ui.layoutActions.show(["operations-tag", "Executions"], true);
    void findKernel();
  },
  responseInterceptor: (response) => {
    learn(response);
    return response;
  },
});

function setTheme() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

/** Takes a kernel that runs already. */
async function findKernel() {
  const response = await fetch("/api/kernels");
  const kernels = response.ok ? await response.json() : [];
  if (kernels.length > 0) fill("KERNEL_ID", kernels.at(-1).id);
}

/** Takes the ids of what a request has made. */
function learn({ url, status, text }) {
  if (status < 200 || status > 299 || !text) return;
  const path = URL.parse(url, location.href)?.pathname ?? "";
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return; // A stream of events has no id to learn.
  }
  if (/^\/api\/kernels$|\/start_kernel$/.test(path) && body.id) fill("KERNEL_ID", body.id);
  if (/\/jupycell\/start$/.test(path)) fill("JUPYCELL_ID", body.kernel_id);
  if (/\/executions$/.test(path) && body.id) fill("EXECUTION_ID", body.id);
  if (/\/execute\/submit$/.test(path) && body.session_id) fill("EXECUTION_ID", body.session_id);
  if (/\/colab\/execute_code$/.test(path) && body.execution_id) {
    fill("EXECUTION_ID", body.execution_id);
  }
}

/** Writes an id wherever the examples have its place, or the id that was written there before. */
function fill(name, id) {
  const before = JSON.stringify(PLACES[name] ?? name);
  PLACES[name] = id;
  for (const [path, item] of ui.specSelectors.specJson().get("paths")) {
    for (const [method, operation] of item) {
      for (const parameter of operation.get("parameters") ?? []) {
        if (parameter.get("example") !== name) continue;
        ui.specActions.changeParamByIdentity([path, method], parameter, id, false);
      }
      const example = operation.getIn(["requestBody", "content", "application/json", "example"]);
      if (!example || !JSON.stringify(example).includes(name)) continue;
      const written = ui.oas3Selectors.requestBodyValue(path, method);
      const text = typeof written === "string" ? written : JSON.stringify(example, null, 2);
      const value = text.replaceAll(before, JSON.stringify(id));
      ui.oas3Actions.setRequestBodyValue({ value, pathMethod: [path, method] });
    }
  }
}
