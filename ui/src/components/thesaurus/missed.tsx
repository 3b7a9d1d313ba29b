import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { forgetMissedWord, missedWordsQuery, thesaurusKeys } from "@/api/thesaurus/queries";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";

/** Words that several people asked and found no answer for; nothing where there are none. */
export function MissedWords({ onWrite }: { onWrite: (term: string) => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const missed = useQuery(missedWordsQuery);
  const forget = useMutation({
    mutationFn: forgetMissedWord,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: thesaurusKeys.all }),
  });
  if (!missed.data || missed.data.words.length === 0) return null;
  return (
    <section aria-labelledby="missed-words" className="mb-6 rounded-2xl border bg-surface p-4">
      <h2 id="missed-words" className="font-medium">
        {t("thesaurus.missed.title")}
      </h2>
      <p className="mt-0.5 text-sm text-ink-soft">{t("thesaurus.missed.lead")}</p>
      <ul className="mt-3 flex flex-wrap gap-2">
        {missed.data.words.map(({ word, askers }) => (
          <li
            key={word}
            className="flex max-w-full items-center rounded-full border py-0.5 pr-1 pl-3 text-sm"
          >
            <span className="truncate font-medium">{word}</span>
            <span className="ml-2 shrink-0 text-ink-faint">
              {t("thesaurus.missed.people", { count: askers })}
            </span>
            <Button
              look="quiet"
              size="iconSmall"
              aria-label={t("thesaurus.missed.write", { word })}
              onClick={() => onWrite(word)}
            >
              <Plus aria-hidden="true" />
            </Button>
            <Button
              look="quiet"
              size="iconSmall"
              aria-label={t("thesaurus.missed.forget", { word })}
              disabled={forget.isPending}
              onClick={() => forget.mutate(word)}
            >
              <X aria-hidden="true" />
            </Button>
          </li>
        ))}
      </ul>
      {forget.isError && (
        <div className="mt-3">
          <ProblemNotice error={forget.error} />
        </div>
      )}
    </section>
  );
}
