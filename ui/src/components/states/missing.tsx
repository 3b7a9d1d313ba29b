import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { buttonClasses } from "../ui/button";

export function Missing() {
  const { t } = useTranslation();
  return (
    <div className="mx-auto grid min-h-[60vh] max-w-md content-center justify-items-center px-4 text-center">
      <title>{`${t("missing.title")} · Centaure`}</title>
      <h1 className="font-serif text-3xl font-medium">{t("missing.title")}</h1>
      <p className="mt-2 text-ink-soft">{t("missing.advice")}</p>
      <Link to="/" className={`mt-6 ${buttonClasses({ look: "primary" })}`}>
        {t("missing.home")}
      </Link>
    </div>
  );
}
