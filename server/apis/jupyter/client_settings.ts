import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { getLogger } from "@logtape/logtape";
import { z } from "zod";
import { HttpError } from "../../errors/http_error.ts";
import { messageOf } from "../../errors/service_error.ts";
import { DOCUMENT_BOUNDS, parseJson } from "../../http/bounded_json.ts";
import { readRegularFileSync } from "../../services/files/regular_file.ts";
import { writeAtomically } from "../../services/files/atomic_write.ts";

/** The settings of one part of a front end; the front end chooses the names and values. */
export const settingsSection = z.record(z.string(), z.unknown());
/** The settings of one part of a front end. */
export type SettingsSection = z.infer<typeof settingsSection>;

const sections = z.record(z.string(), settingsSection);
/** The most that all sections may have together, in characters of JSON. */
const MAX_LENGTH = 1_000_000;
const FILE = "client-settings.json";

/**
 * The settings that Jupyter's front ends keep on their server, in sections. They are in a file, or in
 * memory for as long as the server runs.
 */
export class ClientSettings {
  readonly #file: string | undefined;
  #sections: Record<string, SettingsSection> = {};
  /** Settles when the changes so far are made: they are made one after the other. */
  #changed: Promise<unknown> = Promise.resolve();

  /** Keeps the file in `directory`, which is made if needed; undefined: keeps everything in memory. */
  constructor(directory: string | undefined, file = FILE) {
    if (directory === undefined) return;
    mkdirSync(directory, { recursive: true });
    this.#file = join(directory, file);
    this.#sections = read(this.#file);
  }

  /** The names of the sections that are kept. */
  get names(): string[] {
    return Object.keys(this.#sections);
  }

  /** Returns a section, which is empty if nothing was kept. */
  get(name: string): SettingsSection {
    return Object.hasOwn(this.#sections, name) ? this.#sections[name]! : {};
  }

  /** Replaces a section. */
  async put(name: string, section: SettingsSection): Promise<void> {
    await this.#change(name, () => section);
  }

  /** Merges a change into a section, deeply; null removes a name. Returns the section. */
  async patch(name: string, change: SettingsSection): Promise<SettingsSection> {
    return await this.#change(name, (before) => merge(before, change));
  }

  /** Forgets a section. */
  async remove(name: string): Promise<void> {
    await this.#change(name, () => undefined);
  }

  async #change<S extends SettingsSection | undefined>(
    name: string,
    make: (before: SettingsSection) => S,
  ): Promise<S> {
    const changed = this.#changed.then(async () => {
      const section = make(this.get(name));
      const { [name]: _, ...others } = this.#sections;
      const next = section === undefined ? others : { ...this.#sections, [name]: section };
      const text = JSON.stringify(next);
      if (text.length > MAX_LENGTH) {
        throw new HttpError(
          413,
          "payload_too_large",
          `Cannot keep the settings "${name}": all settings together may have ${MAX_LENGTH} ` +
            "characters of JSON",
        );
      }
      if (this.#file !== undefined) await writeAtomically(this.#file, text);
      this.#sections = next;
      return section;
    });
    this.#changed = changed.catch(() => {});
    return await changed;
  }
}

function read(file: string): Record<string, SettingsSection> {
  try {
    return sections.parse(parseJson(readRegularFileSync(file), DOCUMENT_BOUNDS));
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ENOENT") {
      getLogger("server").warn("the front ends' settings cannot be read and start empty", {
        file,
        reason: messageOf(error),
      });
    }
    return {};
  }
}

/** Merges a change into a section, deeply; null removes a name. */
function merge(before: SettingsSection, change: SettingsSection): SettingsSection {
  const merged = { ...before };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else if (isObject(value)) {
      const present = merged[key];
      merged[key] = merge(isObject(present) ? present : {}, value);
    } else merged[key] = value;
  }
  return merged;
}

function isObject(value: unknown): value is SettingsSection {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
