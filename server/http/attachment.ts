/** Returns the `Content-Disposition` that makes a browser save a file under its name, whatever characters it has. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^ !#-[\]-~]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
