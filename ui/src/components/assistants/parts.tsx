import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** A part of a page, under its title. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-3 font-serif text-xl font-medium">{title}</h2>
      {children}
    </section>
  );
}

/** A prompt, word for word. */
export function Prompt({ text, language }: { text: string; language: string }) {
  const { t } = useTranslation();
  return (
    <pre
      lang={language}
      className="mt-2 rounded-xl border bg-sunken p-4 font-sans text-[0.9375rem] break-words whitespace-pre-wrap"
    >
      {text || <span className="text-ink-faint">{t("assistants.promptEmpty")}</span>}
    </pre>
  );
}
