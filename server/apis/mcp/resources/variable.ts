/** Returns a variable of a URI that a template has matched, decoded. */
export function variable(variables: Record<string, string | string[]>, name: string): string {
  const value = variables[name];
  const text = Array.isArray(value) ? value.join("/") : value ?? "";
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // It is no encoding, so that it names nothing.
  }
}
