import { useEffect, useState } from "preact/hooks";

const KEY = "theme";
const NEXT = { system: "light", light: "dark", dark: "system" } as const;
const SIGN = { system: "◐", light: "☀", dark: "☾" } as const;

type Theme = keyof typeof NEXT;

/** The button that switches the colours between light, dark and the system's. */
export function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(() => parse(localStorage.getItem(KEY)));
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    localStorage.setItem(KEY, theme);
  }, [theme]);
  const label = `Colours: ${theme}`;
  return (
    <button
      type="button"
      class="tool"
      data-testid="theme"
      title={label}
      aria-label={label}
      onClick={() => setTheme(NEXT[theme])}
    >
      {SIGN[theme]}
    </button>
  );
}

function parse(text: string | null): Theme {
  return text === "light" || text === "dark" ? text : "system";
}
