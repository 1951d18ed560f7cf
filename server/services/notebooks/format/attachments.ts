/** The images of cells: MIME bundles with content in Base64, by the names that Markdown has for them. */
export type Attachments = Readonly<Record<string, unknown>>;

/** A use of an attachment in Markdown: the address of an image or a link. */
const USE = /attachment:([^\s)"'<>]+)/g;

/** Returns an image of a cell as a `data:` address; undefined if the cell has no image of that name. */
export function attachmentUrl(
  attachments: Attachments | undefined,
  name: string,
): string | undefined {
  const bundle = attachments && Object.hasOwn(attachments, name) ? attachments[name] : undefined;
  if (typeof bundle !== "object" || bundle === null) return undefined;
  const [entry] = Object.entries(bundle);
  if (!entry || typeof entry[1] !== "string") return undefined;
  if (!/^image\/[\w.+-]+$/.test(entry[0]) || !/^[A-Za-z0-9+/=\s]*$/.test(entry[1])) {
    return undefined;
  }
  return `data:${entry[0]};base64,${entry[1].replaceAll(/\s/g, "")}`;
}

/** Returns Markdown that has its images in itself. */
export function withEmbeddedImages(source: string, attachments: Attachments | undefined): string {
  if (!attachments) return source;
  return source.replace(
    USE,
    (whole, name) => attachmentUrl(attachments, decodeName(name)) ?? whole,
  );
}

/** Returns the name of an attachment from its form in an address. */
export function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // A "%" that encodes nothing is part of the name.
  }
}

/** Returns the address of an attachment in Markdown. */
export function attachmentAddress(name: string): string {
  const encoded = encodeURIComponent(name).replace(
    /[()']/g,
    (it) => `%${it.charCodeAt(0).toString(16)}`,
  );
  return `attachment:${encoded}`;
}

/** Returns the attachments that Markdown uses; undefined if it uses none. */
export function usedAttachments(
  source: string,
  attachments: Attachments | undefined,
): Attachments | undefined {
  if (!attachments) return undefined;
  const names = new Set(Array.from(source.matchAll(USE), ([, name]) => decodeName(name!)));
  const used = Object.entries(attachments).filter(([name]) => names.has(name));
  return used.length > 0 ? Object.fromEntries(used) : undefined;
}

/** Returns a name that no attachment has yet, made from the name of a file: "a.png", "a-1.png". */
export function freeName(name: string, attachments: Attachments | undefined): string {
  const taken = attachments ?? {};
  const [, stem = name, extension = ""] = /^(.+?)(\.[^.]*)?$/s.exec(name) ?? [];
  for (let number = 0;; number++) {
    const candidate = number === 0 ? name : `${stem}-${number}${extension}`;
    if (!Object.hasOwn(taken, candidate)) return candidate;
  }
}
