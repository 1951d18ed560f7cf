import {
  attachmentAddress,
  type Attachments,
  freeName,
} from "../../services/notebooks/format/attachments.ts";

/** An image that a cell gets. */
export interface AttachedImage {
  name: string;
  mimeType: string;
  content: Uint8Array<ArrayBuffer>;
}

/** The largest image, in bytes: the notebook has all of it in its text. */
const MAX_BYTES = 10 * 2 ** 20;

/** Returns the images of what is pasted or dropped; none when it has text too, such as cells of a table. */
export function imagesIn(data: DataTransfer | null): File[] {
  if (!data || data.types.includes("text/plain")) return [];
  return [...data.files].filter(({ type }) => /^image\/[\w.+-]+$/.test(type));
}

/**
 * Reads the files of images.
 *
 * @throws {RangeError} if one is too large.
 */
export function readImages(files: readonly File[]): Promise<AttachedImage[]> {
  return Promise.all(files.map(async (file) => {
    if (file.size > MAX_BYTES) {
      throw new RangeError(
        `${file.name} cannot be attached: it has ${Math.ceil(file.size / 2 ** 20)} MiB, and ` +
          `${MAX_BYTES / 2 ** 20} MiB is the most. Upload it in the Files panel, and name its path`,
      );
    }
    const content = new Uint8Array(await file.arrayBuffer());
    return { name: file.name || "image.png", mimeType: file.type, content };
  }));
}

/** Returns the attachments of a cell with others, and the Markdown that shows these. */
export function withImages(
  attachments: Attachments | undefined,
  images: readonly AttachedImage[],
): { attachments: Attachments; markdown: string } {
  const all: Record<string, unknown> = { ...attachments };
  const shown = images.map(({ name, mimeType, content }) => {
    const free = freeName(name, all);
    all[free] = { [mimeType]: content.toBase64() };
    return `![${free.replace(/[[\]\\]/g, "")}](${attachmentAddress(free)})`;
  });
  return { attachments: all, markdown: shown.join("\n\n") };
}

/** Returns the attachments of two cells that become one, and the text of the second with their new names. */
export function joinAttachments(
  first: Attachments | undefined,
  second: { source: string; attachments: Attachments | undefined },
): { attachments: Attachments | undefined; source: string } {
  if (!second.attachments) return { attachments: first, source: second.source };
  const all: Record<string, unknown> = { ...first };
  let { source } = second;
  for (const [name, image] of Object.entries(second.attachments)) {
    const isSame = JSON.stringify(all[name]) === JSON.stringify(image);
    const free = isSame ? name : freeName(name, all);
    all[free] = image;
    if (free === name) continue;
    source = source.replaceAll(`(${attachmentAddress(name)})`, `(${attachmentAddress(free)})`)
      .replaceAll(`(attachment:${name})`, `(${attachmentAddress(free)})`);
  }
  return { attachments: all, source };
}
