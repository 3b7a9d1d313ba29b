import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { classes } from "@/shared/classes";
import { buttonClasses } from "../ui/button";
import type { Conversation } from "./conversation";
import { useShown } from "./conversations";
import type { Exchange } from "./exchanges";

/**
 * The documents do not say. The same words whether nothing exists or nothing may be read: Centaure does not know
 * the difference on this side, and never hints at one.
 */
export function NotFound({ exchange, conversation }: { exchange: Exchange; conversation: Conversation }) {
  const { t } = useTranslation();
  const { documents } = useShown(conversation);
  return (
    <div className="animate-rise rounded-2xl border bg-surface p-5 sm:p-6" aria-live="polite">
      <p className="font-serif text-xl leading-snug font-medium">{t("notFound.title")}</p>
      <p className="mt-2 text-ink-soft">{t("notFound.why")}</p>
      <ul className="mt-3 list-disc space-y-1 pl-5 text-ink-soft marker:text-ink-faint">
        <li>{t("notFound.words")}</li>
        <li>{t("notFound.narrower")}</li>
        {exchange.filters.source && <li>{t("notFound.scope", { source: exchange.filters.source })}</li>}
        {documents !== null && <li>{t("notFound.about")}</li>}
      </ul>
      <p className="mt-3 text-ink-soft">{t("notFound.access")}</p>
      <p className="mt-5 flex flex-wrap gap-2">
        <Link to="/search" search={{ q: exchange.question }} className={buttonClasses({ size: "small" })}>
          {t("ask.searchInstead")}
        </Link>
        <AccessLink />
      </p>
    </div>
  );
}

/** To where a right is asked for. */
export function AccessLink({ className }: { className?: string }) {
  const { t } = useTranslation();
  return (
    <Link to="/account/access" className={classes(buttonClasses({ size: "small" }), className)}>
      {t("access.title")}
    </Link>
  );
}
