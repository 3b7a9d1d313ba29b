import { useSyncExternalStore } from "react";
import { readPreference, writePreference } from "./preferences";

export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];

const PAPER = { light: "#faf8f4", dark: "#161412" };
const listeners = new Set<() => void>();
const system = matchMedia("(prefers-color-scheme: dark)");

const stored = readPreference("theme");
let chosen: Theme = THEMES.find((theme) => theme === stored) ?? "system";

function paint(): void {
  const shown = chosen === "system" ? (system.matches ? "dark" : "light") : chosen;
  document.documentElement.dataset.theme = shown;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", PAPER[shown]);
}
system.addEventListener("change", paint);
paint();

export function chooseTheme(theme: Theme): void {
  chosen = theme;
  writePreference("theme", theme);
  paint();
  for (const notify of listeners) notify();
}

export const useTheme = (): Theme =>
  useSyncExternalStore(
    (notify) => {
      listeners.add(notify);
      return () => listeners.delete(notify);
    },
    () => chosen,
  );
