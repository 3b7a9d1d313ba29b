import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { addEntry, RELATIONS, thesaurusKeys } from "@/api/thesaurus/queries";
import type { Source, ThesaurusLanguage, ThesaurusRelation, ThesaurusWish } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Choice, Field } from "../ui/field";

const LANGUAGES = ["simple", "fr", "en"] as const satisfies ThesaurusLanguage[];
const EMPTY: Required<ThesaurusWish> = {
  term: "",
  other: "",
  relation: "equivalent",
  language: "simple",
  other_language: "simple",
  sources: [],
};

interface NewEntryProps {
  sources: Source[];
  /** What it begins with. */
  term?: string;
  onClose: () => void;
}

/** Writes an entry. */
export function NewEntry({ sources, term = "", onClose }: NewEntryProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [wish, setWish] = useState({ ...EMPTY, term });
  const add = useMutation({
    mutationFn: () => addEntry(wish),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: thesaurusKeys.all });
      onClose();
    },
  });
  // A translation is between the two languages, in whichever direction.
  const relate = (relation: ThesaurusRelation) =>
    setWish({
      ...wish,
      relation,
      language: relation === "translation" ? "fr" : "simple",
      other_language: relation === "translation" ? "en" : "simple",
    });
  const languages = LANGUAGES.map((value) => [value, t(`thesaurus.languages.${value}`)] as const);
  return (
    <Dialog open onClose={onClose} title={t("thesaurus.add")} description={t("thesaurus.addLead")}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Field
          label={t("thesaurus.term")}
          value={wish.term}
          required
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setWish({ ...wish, term: event.target.value })}
        />
        <Choice
          label={t("thesaurus.relation")}
          value={wish.relation}
          options={RELATIONS.map((value) => [value, t(`thesaurus.relations.${value}`)] as const)}
          onChoose={relate}
        />
        <Field
          label={t("thesaurus.other")}
          value={wish.other}
          required
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setWish({ ...wish, other: event.target.value })}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Choice
            label={t("thesaurus.languageOfTerm")}
            value={wish.language}
            options={languages}
            onChoose={(language) => setWish({ ...wish, language })}
          />
          <Choice
            label={t("thesaurus.languageOfOther")}
            value={wish.other_language}
            options={languages}
            onChoose={(other_language) => setWish({ ...wish, other_language })}
          />
        </div>
        {sources.length > 0 && (
          <Readers
            sources={sources}
            chosen={wish.sources}
            onChoose={(chosen) => setWish({ ...wish, sources: chosen })}
          />
        )}
        {add.isError && <ProblemNotice error={add.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={add.isPending || wish.term.trim() === "" || wish.other.trim() === ""}
          >
            {t("thesaurus.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ReadersProps {
  sources: Source[];
  chosen: number[];
  onChoose: (chosen: number[]) => void;
}

/** The sources whose readers an entry is for. */
function Readers({ sources, chosen, onChoose }: ReadersProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <fieldset aria-describedby={id}>
      <legend className="mb-1.5 text-sm font-medium">{t("thesaurus.for")}</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {sources.map((source) => (
          <label key={source.id} className="flex min-h-8 items-center gap-2.5 break-words">
            <input
              type="checkbox"
              className="size-[1.125rem] shrink-0 accent-accent"
              checked={chosen.includes(source.id)}
              onChange={(event) =>
                onChoose(
                  event.target.checked ? [...chosen, source.id] : chosen.filter((each) => each !== source.id),
                )
              }
            />
            {source.name}
          </label>
        ))}
      </div>
      <p id={id} className="mt-1.5 text-sm text-ink-faint">
        {t("thesaurus.forHint")}
      </p>
    </fieldset>
  );
}
