/** Separates the namespace from the rest of a kernel's id. */
const ID_SEPARATOR = ":";
/** Separates the first part of a namespace, whose owner has all of it, from the group in it. */
const GROUP_SEPARATOR = ".";

/**
 * Returns the name of the namespace that a kernel belongs to, with everything that is made with the kernel:
 * "alice" for the ids `alice:demo` and `alice.mcp:notes`. An id without a namespace belongs to the server
 * itself, whose name is empty.
 */
export function ownerOf(kernelId: string): string {
  const end = kernelId.indexOf(ID_SEPARATOR);
  return end === -1 ? "" : kernelId.slice(0, end).split(GROUP_SEPARATOR)[0]!;
}

/**
 * Returns the name of a kernel in a group of kernels, such as "notes" for `mcp:notes` and `alice.mcp:notes`
 * in "mcp"; undefined: the kernel is not in such a group.
 */
export function nameInGroup(kernelId: string, group: string): string | undefined {
  const end = kernelId.indexOf(ID_SEPARATOR);
  const namespace = kernelId.slice(0, Math.max(0, end));
  const own = `${ownerOf(kernelId)}${GROUP_SEPARATOR}${group}`;
  return namespace === group || namespace === own ? kernelId.slice(end + 1) : undefined;
}

/**
 * A `Scope` is the part of the server that somebody sees: one namespace, or everything. Services compare
 * ids with it, so that what is outside of it does not exist for the one who asks.
 */
export class Scope {
  /** The scope of the server's administrator, and of everybody on a server without tokens. */
  static readonly everything = new Scope(undefined);
  /** The name of the namespace; undefined: everything. */
  readonly namespace: string | undefined;

  constructor(namespace: string | undefined) {
    this.namespace = namespace;
  }

  /** Tells whether a kernel, by its full id, is in the scope. */
  has(kernelId: string): boolean {
    return this.namespace === undefined || ownerOf(kernelId) === this.namespace;
  }

  /** Returns the full id of a kernel that is named by it or without its namespace; it need not exist. */
  fullId(id: string): string {
    if (this.namespace === undefined || ownerOf(id) === this.namespace) return id;
    const separator = id.includes(ID_SEPARATOR) ? GROUP_SEPARATOR : ID_SEPARATOR;
    return `${this.namespace}${separator}${id}`;
  }

  /** Returns the full name of a group of kernels, which is named by it or without the namespace. */
  group(name: string): string;
  group(name: string | undefined): string | undefined;
  group(name: string | undefined): string | undefined {
    const { namespace } = this;
    if (namespace === undefined) return name;
    if (name === undefined || name === namespace) return namespace;
    const prefix = `${namespace}${GROUP_SEPARATOR}`;
    return name.startsWith(prefix) ? name : prefix + name;
  }
}
