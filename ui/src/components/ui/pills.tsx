import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";

interface Props<T extends string> {
  /** Of all of them together. */
  label: string;
  value: T;
  /** Each with its words and, where it is known, how many it holds. */
  options: readonly { value: T; label: string; count?: number | undefined }[];
  onChoose: (value: T) => void;
}

/** Which part of a list is shown: one of a few. */
export function Pills<T extends string>({ label, value, options, onChoose }: Props<T>) {
  const { number } = useFormats();
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={value === option.value}
          onClick={() => onChoose(option.value)}
          className={classes(
            "h-8 rounded-full border px-3 text-sm transition-colors",
            value === option.value
              ? "border-accent bg-accent-soft font-medium text-accent"
              : "bg-surface text-ink-soft hover:bg-sunken",
          )}
        >
          {option.label}
          {option.count !== undefined && <span className="tabular-nums"> {number(option.count)}</span>}
        </button>
      ))}
    </fieldset>
  );
}
