import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Lightbulb, Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { sourcesQuery } from "@/api/sources/queries";
import {
  RELATIONS,
  STATES,
  suggestEntries,
  type ThesaurusFilter,
  thesaurusKeys,
  thesaurusQuery,
} from "@/api/thesaurus/queries";
import { classes } from "@/shared/classes";
import { Page } from "../layout/shell";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { inputClasses } from "../ui/field";
import { Pills } from "../ui/pills";
import { EntryRow } from "./entry";
import { MissedWords } from "./missed";
import { NewEntry } from "./new";

const EVERYTHING: ThesaurusFilter = { state: "", relation: "", words: "" };

/** What curators write for searches, and what was suggested to this one; begins an entry for a term. */
export function ThesaurusPage({ term }: { term: string | undefined }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState(EVERYTHING);
  const [adding, setAdding] = useState(term ? { term } : null);
  const entries = useInfiniteQuery(thesaurusQuery(useDeferredValue(filter)));
  const sources = useQuery(sourcesQuery);
  const lines = entries.data?.pages.flatMap((page) => page.entries) ?? [];
  const counts = entries.data?.pages[0]?.states ?? {};
  const total = STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return (
    <Page
      title={t("thesaurus.title")}
      lead={t("thesaurus.lead")}
      actions={
        <Button look="primary" onClick={() => setAdding({ term: "" })}>
          <Plus aria-hidden="true" />
          {t("thesaurus.add")}
        </Button>
      }
    >
      <Suggestions onFound={() => setFilter({ ...EVERYTHING, state: "suggested" })} />
      <MissedWords onWrite={(term) => setAdding({ term })} />
      {entries.isPending && <Waiting lines={6} />}
      {entries.isError && <ProblemNotice error={entries.error} onRetry={() => void entries.refetch()} />}
      {entries.data && (
        <>
          {total > 0 && <Filters filter={filter} counts={{ ...counts, "": total }} onChange={setFilter} />}
          {lines.length === 0 && total === 0 && (
            <Notice title={t("thesaurus.none")}>{t("thesaurus.noneAdvice")}</Notice>
          )}
          {lines.length === 0 && total > 0 && (
            <p className="rounded-2xl border border-dashed border-line-strong/60 p-8 text-center text-ink-soft">
              {t("thesaurus.nothingFound")}
            </p>
          )}
          {lines.length > 0 && (
            <ul
              className={classes(
                "overflow-hidden rounded-2xl border bg-surface transition-opacity",
                entries.isPlaceholderData && "opacity-50",
              )}
            >
              {lines.map((entry) => (
                <EntryRow key={entry.id} entry={entry} sources={sources.data ?? []} />
              ))}
            </ul>
          )}
          {entries.hasNextPage && (
            <Button
              className="mt-4"
              disabled={entries.isFetchingNextPage}
              onClick={() => void entries.fetchNextPage()}
            >
              {t("thesaurus.more")}
            </Button>
          )}
        </>
      )}
      {adding && <NewEntry sources={sources.data ?? []} term={adding.term} onClose={() => setAdding(null)} />}
    </Page>
  );
}

/** Looks for acronyms in the documents that the person can read. */
function Suggestions({ onFound }: { onFound: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const suggest = useMutation({
    mutationFn: suggestEntries,
    onSuccess: async ({ suggested }) => {
      await queryClient.invalidateQueries({ queryKey: thesaurusKeys.all });
      if (suggested > 0) onFound();
    },
  });
  return (
    <div className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button size="small" disabled={suggest.isPending} onClick={() => suggest.mutate()}>
        <Lightbulb aria-hidden="true" />
        {t(suggest.isPending ? "thesaurus.suggesting" : "thesaurus.suggest")}
      </Button>
      <p aria-live="polite" className="text-sm text-ink-soft">
        {suggest.data &&
          (suggest.data.suggested > 0
            ? t("thesaurus.suggested", { count: suggest.data.suggested })
            : t("thesaurus.nothingNew"))}
      </p>
      {suggest.isError && <ProblemNotice error={suggest.error} />}
    </div>
  );
}

interface FiltersProps {
  filter: ThesaurusFilter;
  counts: Record<string, number>;
  onChange: (filter: ThesaurusFilter) => void;
}

function Filters({ filter, counts, onChange }: FiltersProps) {
  const { t } = useTranslation();
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-3">
      <Pills
        label={t("thesaurus.filter")}
        value={filter.state}
        options={(["", ...STATES] as const).map((state) => ({
          value: state,
          label: state === "" ? t("thesaurus.all") : t(`thesaurus.states.${state}`),
          count: counts[state] ?? 0,
        }))}
        onChoose={(state) => onChange({ ...filter, state })}
      />
      <div className="flex min-w-0 flex-1 basis-72 gap-2">
        <input
          type="search"
          aria-label={t("thesaurus.words")}
          placeholder={t("thesaurus.words")}
          className={classes(inputClasses, "min-w-0")}
          value={filter.words}
          maxLength={200}
          onChange={(event) => onChange({ ...filter, words: event.target.value })}
        />
        <select
          aria-label={t("thesaurus.relation")}
          className={classes(inputClasses, "min-w-0")}
          value={filter.relation}
          onChange={(event) =>
            onChange({ ...filter, relation: event.target.value as ThesaurusFilter["relation"] })
          }
        >
          <option value="">{t("thesaurus.anyRelation")}</option>
          {RELATIONS.map((relation) => (
            <option key={relation} value={relation}>
              {t(`thesaurus.relations.${relation}`)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
