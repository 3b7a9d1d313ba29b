import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { chooseLanguage } from "@/i18n";
import { LANGUAGE_NAMES } from "../account/menu";
import { Wordmark } from "../brand/wordmark";
import { buttonClasses } from "../ui/button";

/** The pages before one is signed in: the name, one form, the language. */
export function Frame({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="grid min-h-dvh grid-rows-[1fr_auto]">
      <title>{`${title} · Centaure`}</title>
      <main className="mx-auto w-full max-w-[25rem] self-center px-5 py-12">
        <Wordmark className="mb-10" />
        <h1 className="font-serif text-[2rem] leading-tight font-medium tracking-[-0.01em]">{title}</h1>
        {lead && <p className="mt-2 text-ink-soft">{lead}</p>}
        <div className="mt-8">{children}</div>
      </main>
      <footer className="flex justify-center gap-1 p-4">
        {LANGUAGE_NAMES.map(({ value, label, lang }) => (
          <button
            key={value}
            type="button"
            lang={lang}
            aria-pressed={i18n.language === value}
            aria-label={t("account.changeLanguage", { language: label })}
            onClick={() => void chooseLanguage(value)}
            className={`${buttonClasses({ look: "quiet", size: "small" })} aria-pressed:text-ink aria-pressed:underline aria-pressed:underline-offset-4`}
          >
            {label}
          </button>
        ))}
      </footer>
    </div>
  );
}
