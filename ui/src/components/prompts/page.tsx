import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { promptsQuery } from "@/api/prompts/queries";
import type { PromptBrief } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { Page } from "../layout/shell";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { buttonClasses } from "../ui/button";
import { Field } from "../ui/field";
import { Pills } from "../ui/pills";

const EVERY = "";

/** The library: one's own prompts, and those of one's groups. */
export function PromptsPage() {
  const { t } = useTranslation();
  const prompts = useQuery(promptsQuery);
  const [words, setWords] = useState("");
  const [tag, setTag] = useState(EVERY);
  const all = prompts.data ?? [];
  const tags = [...new Set(all.flatMap((prompt) => prompt.tags))].sort();
  const wanted = words.trim().toLocaleLowerCase();
  const shown = all.filter(
    (prompt) =>
      (tag === EVERY || prompt.tags.includes(tag)) &&
      [prompt.name, prompt.beginning, ...prompt.tags].some((text) =>
        text.toLocaleLowerCase().includes(wanted),
      ),
  );
  const add = (
    <Link to="/prompts/new" className={buttonClasses({ look: "primary" })}>
      <Plus aria-hidden="true" />
      {t("prompts.add")}
    </Link>
  );
  return (
    <Page title={t("prompts.title")} lead={t("prompts.lead")} actions={add}>
      {prompts.isPending && <Waiting lines={6} />}
      {prompts.isError && <ProblemNotice error={prompts.error} onRetry={() => void prompts.refetch()} />}
      {prompts.data?.length === 0 && <Notice title={t("prompts.none")}>{t("prompts.noneAdvice")}</Notice>}
      {all.length > 0 && (
        <>
          <div className="mb-5 space-y-4">
            <Field
              className="max-w-md"
              label={t("prompts.find")}
              value={words}
              autoComplete="off"
              onChange={(event) => setWords(event.target.value)}
            />
            {tags.length > 0 && (
              <Pills
                label={t("prompts.tags")}
                value={tag}
                options={[
                  { value: EVERY, label: t("prompts.everyTag") },
                  ...tags.map((each) => ({ value: each, label: each })),
                ]}
                onChoose={setTag}
              />
            )}
          </div>
          <p role="status" className="sr-only">
            {t("prompts.count", { count: shown.length })}
          </p>
          {shown.length === 0 && <Notice title={t("prompts.notFound")} />}
          <ul className="grid gap-4 sm:grid-cols-2">
            {shown.map((prompt) => (
              <Card key={prompt.id} prompt={prompt} />
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function Card({ prompt }: { prompt: PromptBrief }) {
  const { t } = useTranslation();
  const { date } = useFormats();
  return (
    <li className="relative min-w-0 rounded-2xl border bg-surface p-5 transition-colors hover:bg-sunken">
      <h2 className="font-serif text-xl leading-snug font-medium break-words">
        <Link
          to="/prompts/$prompt"
          params={{ prompt: prompt.id }}
          className="after:absolute after:inset-0 after:rounded-2xl"
        >
          {prompt.name}
        </Link>
      </h2>
      <p className="mt-2 line-clamp-3 text-sm break-words whitespace-pre-line text-ink-soft">
        {prompt.beginning}
      </p>
      <p className="mt-3 text-sm text-ink-soft">
        {t("prompts.version", { number: prompt.version })} · {date(prompt.updated_at)}
        {!prompt.own && <> · {t("prompts.by", { name: prompt.owner_name })}</>}
        {prompt.own && prompt.shared && <> · {t("prompts.isShared")}</>}
      </p>
      {prompt.tags.length > 0 && <p className="mt-1 text-sm text-ink-soft">{prompt.tags.join(", ")}</p>}
    </li>
  );
}
