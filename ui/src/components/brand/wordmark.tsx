import { classes } from "@/shared/classes";

/** The bow and its arrow: half of the centaur, and the way to a point. */
function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g
        fill="none"
        className="stroke-on-accent"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d="M10.500 7.500c7.500 1.600 12.400 6.500 14 14" />
        <path d="M8 24 21.400 10.600" />
        <path d="M15.200 10.600h6.200v6.200" />
      </g>
    </svg>
  );
}

export function Wordmark({ className }: { className?: string }) {
  return (
    <span className={classes("inline-flex items-center gap-2.5", className)}>
      <Mark className="size-7" />
      <span className="font-serif text-[1.375rem] leading-none font-medium tracking-[-0.01em] translate-y-[0.09em]">
        {NAME}
      </span>
    </span>
  );
}

/** A proper noun, the same in every language. */
const NAME = "Centaure";
