/** A `TextStyle` is the state that ANSI colour codes (SGR, ECMA-48) have set, one code per aspect. */
export interface TextStyle {
  weight?: string;
  slant?: string;
  line?: string;
  foreground?: string;
  background?: string;
}

/** The aspects of a style, with the codes that set each and the code that resets it. */
const ASPECTS: readonly { aspect: keyof TextStyle; set: RegExp; reset: string }[] = [
  { aspect: "weight", set: /^[12]$/, reset: "22" },
  { aspect: "slant", set: /^3$/, reset: "23" },
  { aspect: "line", set: /^4$/, reset: "24" },
  { aspect: "foreground", set: /^(3[0-8]|9[0-7])$/, reset: "39" },
  { aspect: "background", set: /^(4[0-8]|10[0-7])$/, reset: "49" },
];

/** Returns the style after an SGR sequence such as `\x1b[1;31m`. */
export function applySgr(style: TextStyle, sequence: string): TextStyle {
  const codes = sequence.slice(2, -1).split(";");
  let next = { ...style };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at]!;
    if (code === "" || Number(code) === 0) {
      next = {};
      continue;
    }
    // 38 and 48 are followed by a colour: 5;n of a palette, or 2;r;g;b.
    const extra = /^[34]8$/.test(code) ? { 5: 2, 2: 4 }[codes[at + 1] ?? ""] ?? 0 : 0;
    for (const { aspect, set, reset } of ASPECTS) {
      if (code === reset) delete next[aspect];
      else if (set.test(code)) next[aspect] = codes.slice(at, at + 1 + extra).join(";");
    }
    at += extra;
  }
  return next;
}

/** Returns the one sequence that sets a style from none; empty for no style. */
export function sgrOf(style: TextStyle): string {
  const codes = Object.values(style).join(";");
  return codes === "" ? "" : `\x1b[${codes}m`;
}
