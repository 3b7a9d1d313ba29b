import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, Ellipsis, RotateCcw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { decideEntry, removeEntry, thesaurusKeys } from "@/api/thesaurus/queries";
import type { Source, ThesaurusEntry } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Menu, MenuItem } from "../ui/menu";

type Change = "active" | "refused" | "remove";

/** An entry: what it says, for whom, and what a curator may do with it. */
export function EntryRow({ entry, sources }: { entry: ThesaurusEntry; sources: Source[] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: async (wanted: Change) => {
      if (wanted === "remove") await removeEntry(entry.id);
      else await decideEntry(entry.id, wanted);
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: thesaurusKeys.all }),
  });
  const words = { term: entry.term, other: entry.other };
  return (
    <li className="border-t py-3 pr-2 pl-4 first:border-t-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className={entry.state === "refused" ? "break-words text-ink-faint" : "break-words"}>
            <span className="font-medium">{entry.term}</span>{" "}
            <span className="text-ink-soft">{t(`thesaurus.relations.${entry.relation}`)}</span>{" "}
            <span className="font-medium">{entry.other}</span>
          </p>
          <About entry={entry} sources={sources} />
        </div>
        <div className="flex items-center gap-2">
          {entry.state === "suggested" ? (
            <>
              <Button
                size="small"
                look="primary"
                aria-label={t("thesaurus.acceptOne", words)}
                disabled={change.isPending}
                onClick={() => change.mutate("active")}
              >
                {t("thesaurus.accept")}
              </Button>
              <Button
                size="small"
                aria-label={t("thesaurus.refuseOne", words)}
                disabled={change.isPending}
                onClick={() => change.mutate("refused")}
              >
                {t("thesaurus.refuse")}
              </Button>
            </>
          ) : (
            <span className="text-sm text-ink-soft">{t(`thesaurus.states.${entry.state}`)}</span>
          )}
          <Actions entry={entry} onChange={change.mutate} />
        </div>
      </div>
      {change.isError && (
        <div className="mt-2">
          <ProblemNotice error={change.error} />
        </div>
      )}
    </li>
  );
}

function Actions({ entry, onChange }: { entry: ThesaurusEntry; onChange: (wanted: Change) => void }) {
  const { t } = useTranslation();
  const label = t("thesaurus.actionsOf", { term: entry.term });
  return (
    <Menu
      label={label}
      trigger={
        <Button look="quiet" size="iconSmall" aria-label={label}>
          <Ellipsis aria-hidden="true" />
        </Button>
      }
    >
      {entry.state === "active" && (
        <MenuItem onSelect={() => onChange("refused")}>
          <Ban aria-hidden="true" />
          {t("thesaurus.stop")}
        </MenuItem>
      )}
      {entry.state === "refused" && (
        <MenuItem onSelect={() => onChange("active")}>
          <RotateCcw aria-hidden="true" />
          {t("thesaurus.useAgain")}
        </MenuItem>
      )}
      <MenuItem onSelect={() => onChange("remove")}>
        <Trash2 aria-hidden="true" />
        {t("thesaurus.remove")}
      </MenuItem>
    </Menu>
  );
}

/** Its languages, whom it is for and, of a suggestion, what it rests on. */
function About({ entry, sources }: { entry: ThesaurusEntry; sources: Source[] }) {
  const { t } = useTranslation();
  const names = entry.sources.map((id) => sources.find((each) => each.id === id)?.name ?? `${id}`);
  const languages =
    entry.language === "simple" && entry.other_language === "simple"
      ? null
      : `${t(`thesaurus.languages.${entry.language}`)} → ${t(`thesaurus.languages.${entry.other_language}`)}`;
  const facts = [
    languages,
    names.length > 0 ? t("thesaurus.forSources", { sources: names.join(", ") }) : t("thesaurus.everybody"),
    entry.askers > 0 && t("thesaurus.askedBy", { count: entry.askers }),
    entry.documents > 0 && t("thesaurus.seen", { documents: entry.documents, folders: entry.folders }),
  ];
  return <p className="mt-0.5 text-sm break-words text-ink-faint">{facts.filter(Boolean).join(" · ")}</p>;
}
