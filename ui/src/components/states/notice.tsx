import type { ReactNode } from "react";
import { classes } from "@/shared/classes";

interface Props {
  tone?: "plain" | "danger" | "warning";
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Read out at once when it appears. */
  alert?: boolean;
}

/** A short message in the page: what happened, and what to do. */
export function Notice({ tone = "plain", title, children, actions, alert }: Props) {
  return (
    <div
      role={alert ? "alert" : undefined}
      className={classes(
        "rounded-xl border p-4 sm:px-5",
        tone === "plain" && "bg-surface",
        tone === "danger" && "border-danger/30 bg-danger-soft",
        tone === "warning" && "border-warning/30 bg-warning-soft",
      )}
    >
      <p
        className={classes(
          "font-medium",
          tone === "danger" && "text-danger",
          tone === "warning" && "text-warning",
        )}
      >
        {title}
      </p>
      {children && <div className="mt-1 text-[0.9375rem] text-ink-soft">{children}</div>}
      {actions && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
