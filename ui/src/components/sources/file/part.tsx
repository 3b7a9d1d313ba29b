import type { ReactNode } from "react";

interface Props {
  id: string;
  title: string;
  lead?: string;
  children: ReactNode;
}

/** A part of the page, under its heading. */
export function Part({ id, title, lead, children }: Props) {
  return (
    <section className="rounded-2xl border bg-surface p-5" aria-labelledby={id}>
      <h2 id={id} className="text-lg leading-tight font-semibold">
        {title}
      </h2>
      {lead && <p className="mt-1 max-w-prose text-[0.9375rem] text-pretty text-ink-soft">{lead}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
