import { useEffect } from "react";

/**
 * Every key that does something of its own: what pages listen to and what the keyboard sheet shows are this one list.
 * A key that is not in it cannot be listened to.
 */
export const SHORTCUTS = [
  { name: "help", keys: ["?"], where: "everywhere" },
  { name: "box", keys: ["/"], where: "everywhere" },
  { name: "find", keys: ["Ctrl", "K"], where: "ask" },
  { name: "new", keys: ["Ctrl", "Shift", "O"], where: "ask" },
  { name: "send", keys: ["Enter"], where: "ask" },
  { name: "line", keys: ["Shift", "Enter"], where: "ask" },
  { name: "walk", keys: ["↑", "↓"], where: "lists" },
  { name: "close", keys: ["Esc"], where: "everywhere" },
] as const;

export const PLACES_OF_SHORTCUTS = ["everywhere", "ask", "lists"] as const;

type Registered = (typeof SHORTCUTS)[number]["keys"];
/** Keys that are pressed alone, outside of any field. */
export type PlainKey = Extract<Registered, readonly ["?" | "/"]>[0];
/** Letters that are pressed with Ctrl, or with Cmd where that is the custom. */
export type ChordKey = Lowercase<
  Extract<Registered, readonly ["Ctrl", string] | readonly ["Ctrl", "Shift", string]> extends infer Keys
    ? Keys extends readonly [...string[], infer Last extends string]
      ? Last
      : never
    : never
>;

const WITH_SHIFT: ReadonlySet<string> = new Set(
  SHORTCUTS.flatMap(({ keys }) => (keys[0] === "Ctrl" && keys[1] === "Shift" ? [keys[2].toLowerCase()] : [])),
);

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

/** Calls back on a key pressed outside of any field, without a modifier. */
export function useShortcut(key: PlainKey, act: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
        return;
      if (isTyping(event.target)) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [key, act]);
}

/** Calls back on a key pressed with Ctrl, or with Cmd where that is the custom; Shift too where the list says so. */
export function useChord(key: ChordKey, act: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      // Ctrl+O opens a file everywhere.
      if (event.shiftKey !== WITH_SHIFT.has(key)) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [key, act]);
}
