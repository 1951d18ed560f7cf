/** The time for which the browser may still read the content of a download, in milliseconds. */
const KEEP_URL_MS = 10_000;

/** Lets the browser save content as a file on the reader's machine. */
export function downloadFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_URL_MS);
}
