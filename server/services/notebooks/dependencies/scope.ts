/** The names that a piece of code uses, each in the order of its first use. */
export interface Names {
  /** Names that get a value. */
  defines: Set<string>;
  /** Names whose value comes from elsewhere. */
  reads: Set<string>;
  /** Names from elsewhere whose object may be changed: an attribute, an item, or by a method such as `append`. */
  mutates: Set<string>;
}

/** A `Scope` gathers the names that a module, a function, a class or a comprehension uses, in their order. */
export class Scope {
  readonly kind: "module" | "function" | "class" | "comprehension";
  readonly #parent: Scope | undefined;
  /** The names that have a value whichever way the code took. */
  #sure = new Set<string>();
  readonly #defined = new Set<string>();
  readonly #reads = new Set<string>();
  readonly #mutated = new Set<string>();
  /** Reads of the functions inside, which run later. */
  readonly #later = new Set<string>();
  /** Names that a statement `global` or `nonlocal` gives to an outer scope. */
  readonly #outer = new Set<string>();

  constructor(kind: Scope["kind"], parent?: Scope) {
    this.kind = kind;
    this.#parent = parent;
  }

  /** Takes in that a name gets a value. */
  define(name: string): void {
    this.#sure.add(name);
    this.#defined.add(name);
  }

  /** Takes in that a name is read. */
  read(name: string): void {
    if (!this.#sure.has(name)) this.#reads.add(name);
  }

  /** Takes in that the object of a name may be changed. */
  mutate(name: string): void {
    this.read(name);
    if (!this.#sure.has(name)) this.#mutated.add(name);
  }

  /** Takes in that a name is one of an outer scope. */
  declareOuter(name: string): void {
    this.#outer.add(name);
  }

  /** Walks ways of which the code takes one; with `isComplete`, it takes one in any case. */
  branch(ways: readonly (() => void)[], isComplete: boolean): void {
    const before = this.#sure;
    const after = ways.map((walk) => {
      this.#sure = new Set(before);
      walk();
      return this.#sure;
    });
    const [first = before, ...others] = isComplete ? after : [before];
    this.#sure = new Set([...first].filter((name) => others.every((it) => it.has(name))));
  }

  /** Gives what the scope has not itself to the scope around it, at the end of the scope. */
  close(): void {
    const parent = this.#parent;
    if (!parent) return;
    // A name that a function defines anywhere is its own everywhere; a class looks outside until then.
    const isOwn = (name: string) => this.#defined.has(name) && !this.#outer.has(name);
    const isHidden = (name: string) => this.kind !== "class" && isOwn(name);
    for (const name of this.#reads) {
      if (isHidden(name)) continue;
      if (this.kind === "function") parent.readLater(name);
      else parent.read(name);
    }
    for (const name of this.#later) {
      if (this.kind === "class" || !isOwn(name)) parent.readLater(name);
    }
    for (const name of this.#mutated) {
      if (this.kind !== "function" && !isHidden(name)) parent.mutate(name);
    }
    for (const name of this.#outer) if (this.#defined.has(name)) parent.define(name);
  }

  /** Takes in that a function reads a name when it is called. */
  readLater(name: string): void {
    this.#later.add(name);
  }

  /** The names that the scope uses, once everything in it has been taken in. */
  get names(): Names {
    const later = [...this.#later].filter((name) => !this.#defined.has(name));
    return {
      defines: this.#defined,
      reads: new Set([...this.#reads, ...later]),
      mutates: this.#mutated,
    };
  }
}
