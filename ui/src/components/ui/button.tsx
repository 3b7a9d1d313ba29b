import type { ComponentProps } from "react";
import { classes } from "@/shared/classes";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong disabled:bg-line disabled:text-ink-faint",
  outline: "border border-line-strong/60 bg-surface text-ink hover:bg-sunken",
  quiet: "text-ink-soft hover:bg-sunken hover:text-ink",
  danger: "border border-danger/50 bg-surface text-danger hover:bg-danger-soft",
};
const SIZES = {
  medium: "h-10 gap-2 px-4 text-[0.9375rem]",
  small: "h-8 gap-1.5 px-2.5 text-sm",
  icon: "size-10 shrink-0 justify-center",
  iconSmall: "size-8 shrink-0 justify-center",
};

interface Looks {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
}

export const buttonClasses = ({ look = "outline", size = "medium" }: Looks = {}): string =>
  classes(
    "inline-flex items-center justify-center rounded-lg font-medium whitespace-nowrap transition-colors",
    "disabled:cursor-not-allowed [&_svg]:size-[1.125em] [&_svg]:shrink-0",
    LOOKS[look],
    SIZES[size],
  );

export function Button({
  look,
  size,
  className,
  type = "button",
  ...rest
}: ComponentProps<"button"> & Looks) {
  return (
    <button
      type={type}
      className={classes(buttonClasses({ ...(look && { look }), ...(size && { size }) }), className)}
      {...rest}
    />
  );
}
