import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { chooseLanguage } from "@/i18n";
import { classes } from "@/shared/classes";
import { LANGUAGE_NAMES } from "../account/menu";
import { Wordmark } from "../brand/wordmark";
import { buttonClasses } from "../ui/button";

interface Props {
  title: string;
  lead?: ReactNode;
  /** Where the language is chosen: before anything else, or below it all. */
  languages?: "first" | "last";
  children: ReactNode;
}

/** The pages before one is signed in: the name, one form, the language. */
export function Frame({ title, lead, languages = "last", children }: Props) {
  return (
    <div className="grid min-h-dvh grid-rows-[1fr_auto]">
      <title>{`${title} · Centaure`}</title>
      <main className="mx-auto w-full max-w-[25rem] self-center px-5 py-12">
        <Wordmark className="mb-10" />
        {languages === "first" && <Languages className="mb-8 gap-2" look="outline" />}
        <h1 className="font-serif text-[2rem] leading-tight font-medium tracking-[-0.01em]">{title}</h1>
        {lead && <p className="mt-2 text-ink-soft">{lead}</p>}
        <div className="mt-8">{children}</div>
      </main>
      <footer className="flex justify-center p-4">
        {languages === "last" && <Languages className="gap-1" look="quiet" />}
      </footer>
    </div>
  );
}

function Languages({ className, look }: { className: string; look: "outline" | "quiet" }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={classes("flex", className)}>
      {LANGUAGE_NAMES.map(({ value, label, lang }) => (
        <button
          key={value}
          type="button"
          lang={lang}
          aria-pressed={i18n.language === value}
          aria-label={t("account.changeLanguage", { language: label })}
          onClick={() => void chooseLanguage(value)}
          className={classes(
            buttonClasses({ look, size: look === "quiet" ? "small" : "medium" }),
            look === "quiet"
              ? "aria-pressed:text-ink aria-pressed:underline aria-pressed:underline-offset-4"
              : "flex-1 aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent",
          )}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
