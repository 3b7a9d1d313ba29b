import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantsQuery } from "@/api/assistants/queries";
import type { AssistantBrief } from "@/api/types";
import { classes } from "@/shared/classes";
import { Page } from "../layout/shell";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { buttonClasses } from "../ui/button";
import { inputClasses } from "../ui/field";
import { Pills } from "../ui/pills";
import { AssistantCard } from "./card";
import { usePageLanguage } from "./language";
import { byTeam, holds, WHOSE, type Whose, whoseIs } from "./lists";

/** The assistants that a person can use, team by team. */
export function GalleryPage() {
  const { t } = useTranslation();
  const language = usePageLanguage();
  const [whose, setWhose] = useState<Whose | "">("");
  const [words, setWords] = useState("");
  const sought = useDeferredValue(words);
  const found = useQuery(assistantsQuery(language));
  const all = found.data ?? [];
  const shown = all.filter((one) => (whose === "" || whoseIs(one) === whose) && holds(one, sought));
  return (
    <Page
      title={t("assistants.title")}
      lead={t("assistants.lead")}
      actions={
        <Link to="/assistants/new" className={buttonClasses({ look: "primary" })}>
          <Plus aria-hidden="true" />
          {t("assistants.new")}
        </Link>
      }
    >
      {found.isPending && <Waiting lines={8} />}
      {found.isError && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
      {all.length > 0 && (
        <div className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-3">
          <Pills
            label={t("assistants.filter")}
            value={whose}
            options={(["", ...WHOSE] as const).map((value) => ({
              value,
              label: value === "" ? t("assistants.all") : t(`assistants.whose.${value}`),
              count: all.filter((one) => value === "" || whoseIs(one) === value).length,
            }))}
            onChoose={setWhose}
          />
          <input
            type="search"
            aria-label={t("assistants.words")}
            placeholder={t("assistants.words")}
            className={classes(inputClasses, "min-w-0 flex-1 basis-56")}
            value={words}
            maxLength={200}
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
      )}
      {found.data && shown.length === 0 && (
        <p className="rounded-2xl border border-dashed border-line-strong/60 p-8 text-center text-ink-soft">
          {t(whose === "own" && words === "" ? "assistants.noneOwn" : "assistants.nothingFound")}
        </p>
      )}
      <div className="gap-4 sm:columns-2 lg:columns-3">
        {byTeam(shown).map(([team, ofTeam]) => (
          <Team key={team} name={team || t("assistants.noTeam")} assistants={ofTeam} />
        ))}
      </div>
    </Page>
  );
}

function Team({ name, assistants }: { name: string; assistants: AssistantBrief[] }) {
  return (
    <section className="mb-8 break-inside-avoid">
      <h2 className="mb-3 text-sm font-semibold text-ink-soft">{name}</h2>
      <ul className="grid gap-3">
        {assistants.map((one) => (
          <AssistantCard key={one.key} assistant={one} />
        ))}
      </ul>
    </section>
  );
}
