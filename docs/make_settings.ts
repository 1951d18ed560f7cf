/**
 * Writes `docs/settings.md` from the table of settings in the server's code. Run it with
 * `deno task docs` after a setting has changed.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { settingsTable } from "../server/config/settings.ts";

/** The path of the file that this script writes. */
export const SETTINGS_PAGE = fileURLToPath(new URL("settings.md", import.meta.url));

/** Returns the text of `docs/settings.md`, in Markdown. */
export function settingsPage(): string {
  return `# Settings

<!-- This file is made by \`deno task docs\` from the server's code: change it there. -->

The server reads each setting from three places, and the first one that has it counts:

1. a flag of the command, such as \`--max-kernels 8\`;
2. a variable of the environment, such as \`MAX_KERNELS=8\`;
3. a line of the file \`.env\` in the directory that the server is started in, such as \`MAX_KERNELS=8\`.

\`./start-server.sh --help\` prints the settings too. An unknown flag, an unknown name in \`.env\` and a
wrong value stop the start, with a message that names the setting and says what to use. The server
passes over variables of the environment that are no settings.

- A list is written with commas: \`ALLOWED_ORIGINS=https://a.example.com,https://b.example.com\`.
- A size in bytes may end in \`k\`, \`m\` or \`g\`, for KiB, MiB or GiB: \`MAX_BODY_BYTES=10m\`.
- Limits are written as names and numbers: \`KERNEL_LIMITS=memoryMiB=512,cpuSeconds=60\`.

${settingsTable()}
`;
}

if (import.meta.main) await Deno.writeTextFile(SETTINGS_PAGE, settingsPage());
