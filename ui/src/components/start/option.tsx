import type { ReactNode } from "react";
import { classes } from "@/shared/classes";

interface Props {
  /** Of all of them together. */
  group: string;
  chosen: boolean;
  title: string;
  text: string;
  onChoose: () => void;
  /** Shown while it is chosen. */
  children?: ReactNode;
}

/** One of a few ways, with what it asks once it is chosen. */
export function Option({ group, chosen, title, text, onChoose, children }: Props) {
  return (
    <div
      className={classes(
        "rounded-2xl border bg-surface transition-colors",
        chosen ? "border-accent" : "hover:bg-sunken",
      )}
    >
      <label className="flex cursor-pointer gap-3 p-4 sm:px-5">
        <input
          type="radio"
          name={group}
          checked={chosen}
          onChange={onChoose}
          className="mt-1 size-4 shrink-0 accent-accent"
        />
        <span className="min-w-0">
          <span className="block font-medium break-words">{title}</span>
          <span className="mt-0.5 block text-[0.9375rem] break-words text-ink-soft">{text}</span>
        </span>
      </label>
      {chosen && children && <div className="space-y-5 border-t px-4 py-5 sm:px-5">{children}</div>}
    </div>
  );
}
