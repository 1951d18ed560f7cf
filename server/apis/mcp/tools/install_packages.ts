import { z } from "zod";
import { installWithin } from "../runs/install.ts";
import { openSession } from "../runs/session_argument.ts";
import { defineTool } from "../agents/tool.ts";

const input = z.strictObject({
  packages: z.array(z.string().min(1).max(1_000)).min(1).max(100).describe(
    "Names of packages, perhaps with versions",
  ),
  session: openSession,
});

const output = z.object({
  session: z.string(),
  installed: z.array(z.object({ name: z.string(), version: z.string() })).describe(
    "All packages that the session has now",
  ),
});

/** Installs packages in a session. */
export const installPackages = defineTool({
  name: "install_packages",
  title: "Install packages",
  description:
    "Installs Python packages in a session. Packages with compiled code need a build for " +
    "Pyodide: numpy, pandas, matplotlib, scipy, scikit-learn and many others have one.",
  input,
  output,
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  },
  async run({ packages, session: name }, call) {
    const session = await call.sessions.open(call.agent, name);
    const installed = await installWithin(session, packages, call);
    const names = installed.map((it) => `${it.name} ${it.version}`).join(", ");
    return {
      content: [{ type: "text", text: `Installed now in session ${session.name}: ${names}` }],
      structuredContent: { session: session.name, installed },
    };
  },
});
