import { Link } from "@tanstack/react-router";
import { BookOpenText, ListChecks, PenLine } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AssistantBrief } from "@/api/types";

/** An assistant in the gallery: what it is for, what it works from, whose it is. */
export function AssistantCard({ assistant }: { assistant: AssistantBrief }) {
  const { t } = useTranslation();
  const { key, name, description, kind, has_form, own, shipped, owner_name, language } = assistant;
  const Icon = kind === "documents" ? BookOpenText : PenLine;
  return (
    <li className="relative flex flex-col rounded-2xl border bg-surface p-4 transition-colors hover:border-accent sm:p-5">
      <h3 className="flex items-start gap-2.5 font-medium" lang={language}>
        <Icon aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-accent" />
        <Link
          to="/assistants/$key"
          params={{ key }}
          className="min-w-0 break-words after:absolute after:inset-0 after:rounded-2xl"
        >
          {name}
        </Link>
      </h3>
      <p className="mt-2 flex-1 text-[0.9375rem] text-pretty break-words text-ink-soft" lang={language}>
        {description}
      </p>
      <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-faint">
        <span>{t(`assistants.kinds.${kind}`)}</span>
        {has_form && (
          <span className="inline-flex items-center gap-1">
            <ListChecks aria-hidden="true" className="size-4" />
            {t("assistants.withForm")}
          </span>
        )}
        {own && <span>{t("assistants.yours")}</span>}
        {!own && !shipped && owner_name && <span>{t("assistants.by", { name: owner_name })}</span>}
      </p>
    </li>
  );
}
