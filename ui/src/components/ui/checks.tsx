import { type ReactNode, useId } from "react";

interface ChecksProps<T extends string> {
  label: string;
  hint?: string;
  chosen: readonly T[];
  options: readonly (readonly [T, string])[];
  onChoose: (chosen: T[]) => void;
}

/** Some of a few, each beside its box. */
export function Checks<T extends string>({ label, hint, chosen, options, onChoose }: ChecksProps<T>) {
  const id = useId();
  return (
    <fieldset aria-describedby={hint && id}>
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <div className="flex flex-wrap gap-x-5">
        {options.map(([value, shown]) => (
          <Check
            key={value}
            checked={chosen.includes(value)}
            onChange={(checked) =>
              onChoose(checked ? [...chosen, value] : chosen.filter((each) => each !== value))
            }
          >
            {shown}
          </Check>
        ))}
      </div>
      {hint && (
        <p id={id} className="mt-1 text-sm text-ink-faint">
          {hint}
        </p>
      )}
    </fieldset>
  );
}

interface CheckProps {
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}

/** Yes or no. */
export function Check({ checked, disabled = false, onChange, children }: CheckProps) {
  return (
    <label className="flex min-h-8 items-center gap-2.5">
      <input
        type="checkbox"
        className="size-[1.125rem] shrink-0 accent-accent"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      {children}
    </label>
  );
}
