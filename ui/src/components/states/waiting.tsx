/** Lines where text will come; the page's own live region says that it is coming. */
export function Waiting({ lines = 3 }: { lines?: number }) {
  return (
    <div aria-hidden="true" className="animate-breathe space-y-3">
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <div
          key={line}
          className={line % 3 === 2 ? "h-4 w-3/5 rounded bg-line/70" : "h-4 rounded bg-line/70"}
        />
      ))}
    </div>
  );
}
