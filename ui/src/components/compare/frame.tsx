import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../layout/shell";

const PARTS = [
  { to: "/compare", label: "compare.parts.compare" },
  { to: "/compare/ranking", label: "compare.parts.ranking" },
  { to: "/compare/mine", label: "compare.parts.mine" },
] as const;

/** The pages of comparisons share a title, and ways to each other. */
export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Page title={t("compare.title")} lead={t("compare.lead")}>
      <nav aria-label={t("compare.parts.label")} className="mb-8 flex flex-wrap gap-x-6 border-b">
        {PARTS.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: true, includeSearch: false }}
            className="-mb-px inline-flex h-11 items-center border-b-2 font-medium transition-colors hover:text-ink"
            activeProps={{ className: "border-accent text-ink" }}
            inactiveProps={{ className: "border-transparent text-ink-soft" }}
          >
            {t(label)}
          </Link>
        ))}
      </nav>
      {children}
    </Page>
  );
}
