import { CornerDownRight } from "lucide-react";
import { useTranslation } from "react-i18next";

interface Props {
  questions: readonly string[];
  language: string;
  /** Left out where they are only shown. */
  onAsk?: (question: string) => void;
}

/** Questions to begin with, each of which asks itself. */
export function Openings({ questions, language, onAsk }: Props) {
  const { t } = useTranslation();
  if (questions.length === 0) return null;
  return (
    <ul
      aria-label={t("assistants.openings")}
      className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,16rem),1fr))] gap-2"
    >
      {questions.map((question) => (
        <li key={question} className="flex">
          <button
            type="button"
            lang={language}
            disabled={onAsk === undefined}
            onClick={() => onAsk?.(question)}
            className="flex w-full items-start gap-2.5 rounded-xl border bg-surface px-3.5 py-3 text-left text-[0.9375rem] transition-colors hover:border-accent hover:bg-accent-soft disabled:hover:border-line disabled:hover:bg-surface"
          >
            <CornerDownRight aria-hidden="true" className="mt-1 size-4 shrink-0 text-accent" />
            <span className="min-w-0 break-words">{question}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
