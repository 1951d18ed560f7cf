/**
 * Members of an object that arrived as JSON text. Most outputs of a kernel are only passed on, so a member
 * keeps its text and is parsed when it is first read. Its value must not be changed, because the text would
 * stay the same.
 */

const texts = new WeakMap<object, Map<string, string>>();

/** Gives `holder` a member whose value is parsed from `text`, which must be JSON, at its first reading. */
export function setJsonMember(holder: object, name: string, text: string): void {
  const known = texts.get(holder) ?? new Map<string, string>();
  texts.set(holder, known.set(name, text));
  Object.defineProperty(holder, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value: unknown = JSON.parse(text);
      Object.defineProperty(holder, name, {
        configurable: true,
        enumerable: true,
        writable: true,
        value,
      });
      return value;
    },
  });
}

/** The JSON of a member: the text that it arrived as, or one that is made now. */
export function jsonOfMember<T extends object>(holder: T, name: keyof T & string): string {
  return texts.get(holder)?.get(name) ?? JSON.stringify(holder[name]);
}

/** Gives `target` the members `names` of `source`, without making values of those that are text. */
export function copyMembers<T extends object>(
  target: object,
  source: T,
  names: readonly (keyof T & string)[],
): void {
  for (const name of names) {
    const text = texts.get(source)?.get(name);
    if (text === undefined) Object.assign(target, { [name]: source[name] });
    else setJsonMember(target, name, text);
  }
}

/**
 * Returns an object as JSON, like `JSON.stringify`, but members that arrived as text are passed on as that
 * text; `replacer` sees the others.
 */
export function objectJson(
  holder: object,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  const known = texts.get(holder);
  if (!known) return JSON.stringify(holder, replacer);
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(holder)) {
    if (!known.has(name)) values[name] = holder[name as keyof typeof holder];
  }
  const json = JSON.stringify(values, replacer);
  const members = Array.from(known, ([name, text]) => `${JSON.stringify(name)}:${text}`);
  return `${json.slice(0, -1)}${json === "{}" ? "" : ","}${members.join()}}`;
}
