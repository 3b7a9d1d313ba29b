interface Props {
  /** Of the amount. */
  used: number;
  amount: number;
}

/** How much of an amount is used, as a bar; the words beside it say the same. */
export function Level({ used, amount }: Props) {
  const part = amount > 0 ? Math.min(1, used / amount) : 1;
  return (
    <svg
      aria-hidden="true"
      width="100%"
      height="8"
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      className="overflow-hidden rounded-full bg-line"
    >
      <rect
        width={part * 100}
        height="1"
        className={part >= 1 ? "fill-danger" : part >= 0.8 ? "fill-warning" : "fill-accent"}
      />
    </svg>
  );
}
