import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addPrompt, draftPrompt, fillFramework, frameworksQuery, promptKeys } from "@/api/prompts/queries";
import type { Framework, PromptDraft } from "@/api/types";
import { Page } from "../layout/shell";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Choice, Field, LongField } from "../ui/field";
import { Pills } from "../ui/pills";
import { tagsOf } from "./variables";

const WAYS = ["intention", "form", "blank"] as const;
type Way = (typeof WAYS)[number];

/** A new prompt: from an intention, by a form, or from nothing; looked over, and kept. */
export function NewPromptPage() {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>("intention");
  const [draft, setDraft] = useState<PromptDraft | null>(null);
  const [framework, setFramework] = useState("");
  const [text, setText] = useState("");
  const take = (made: PromptDraft, key = "") => {
    setDraft(made);
    setText(made.text);
    setFramework(key);
  };
  return (
    <Page title={t("prompts.new.title")} lead={t("prompts.new.lead")}>
      <div className="max-w-3xl space-y-8">
        <Pills
          label={t("prompts.new.way")}
          value={way}
          options={WAYS.map((value) => ({ value, label: t(`prompts.new.ways.${value}`) }))}
          onChoose={(chosen) => {
            setWay(chosen);
            setDraft(null);
          }}
        />
        {way === "intention" && <Intention onDraft={take} />}
        {way === "form" && <Forms onDraft={take} />}
        <p
          role="status"
          className={draft ? "rounded-xl bg-info-soft px-4 py-2.5 text-sm text-info" : "sr-only"}
        >
          {draft && t(`prompts.new.made.${draft.by}`, { model: draft.model })}
        </p>
        {(draft || way === "blank") && <Keep text={text} framework={framework} onText={setText} />}
      </div>
    </Page>
  );
}

interface Drafting {
  onDraft: (draft: PromptDraft, framework?: string) => void;
}

/** What one wants, in a sentence. */
function Intention({ onDraft }: Drafting) {
  const { t } = useTranslation();
  const [intention, setIntention] = useState("");
  const drafting = useMutation({
    mutationFn: (by: "rules" | "model") => draftPrompt(intention, by),
    onSuccess: (draft) => onDraft(draft),
  });
  const ready = intention.trim() !== "" && !drafting.isPending;
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) drafting.mutate("rules");
      }}
    >
      <LongField
        label={t("prompts.new.intention")}
        hint={t("prompts.new.intentionHint")}
        value={intention}
        rows={2}
        maxLength={2000}
        onChange={(event) => setIntention(event.target.value)}
      />
      {drafting.isError && <ProblemNotice error={drafting.error} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={!ready}>
          {t("prompts.new.byRules")}
        </Button>
        <Button disabled={!ready} onClick={() => drafting.mutate("model")}>
          {t("prompts.new.byModel")}
        </Button>
      </div>
    </form>
  );
}

/** A framework, and its fields. */
function Forms({ onDraft }: Drafting) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === "en" ? "en" : "fr";
  const frameworks = useQuery(frameworksQuery(language));
  const [key, setKey] = useState("");
  if (frameworks.isPending) return <Waiting lines={5} />;
  if (frameworks.isError)
    return <ProblemNotice error={frameworks.error} onRetry={() => void frameworks.refetch()} />;
  const chosen = frameworks.data.find((one) => one.key === key) ?? frameworks.data[0];
  if (chosen === undefined) return null;
  return (
    <div className="space-y-5">
      <Choice
        label={t("prompts.new.framework")}
        hint={chosen.about}
        value={chosen.key}
        options={frameworks.data.map((one) => [one.key, one.name] as const)}
        onChoose={setKey}
      />
      <Form key={chosen.key} framework={chosen} language={language} onDraft={onDraft} />
    </div>
  );
}

function Form({ framework, language, onDraft }: Drafting & { framework: Framework; language: "fr" | "en" }) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Record<string, string>>({});
  const filling = useMutation({
    mutationFn: () => fillFramework(framework.key, language, values),
    onSuccess: (draft) => onDraft(draft, framework.key),
  });
  const missing = framework.fields.some(({ key, optional }) => !optional && !values[key]?.trim());
  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing) filling.mutate();
      }}
    >
      {framework.fields.map(({ key, label, hint, optional }) => (
        <LongField
          key={key}
          label={optional ? t("prompts.new.optional", { label }) : label}
          hint={hint}
          value={values[key] ?? ""}
          rows={2}
          maxLength={5000}
          onChange={(event) => setValues({ ...values, [key]: event.target.value })}
        />
      ))}
      {filling.isError && <ProblemNotice error={filling.error} />}
      <Button type="submit" look="primary" disabled={missing || filling.isPending}>
        {t("prompts.new.compose")}
      </Button>
    </form>
  );
}

/** The words, a name and tags: then it is in the library. */
function Keep({
  text,
  framework,
  onText,
}: {
  text: string;
  framework: string;
  onText: (text: string) => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [tags, setTags] = useState("");
  const keeping = useMutation({
    mutationFn: () => addPrompt({ name, tags: tagsOf(tags), text, framework }),
    onSuccess: async (prompt) => {
      await queryClient.invalidateQueries({ queryKey: promptKeys.all });
      await navigate({ to: "/prompts/$prompt", params: { prompt: prompt.id } });
    },
  });
  return (
    <form
      className="space-y-5 border-t pt-8"
      onSubmit={(event) => {
        event.preventDefault();
        keeping.mutate();
      }}
    >
      <LongField
        label={t("prompts.text")}
        hint={t("prompts.textHint", { open: "{{", close: "}}" })}
        value={text}
        rows={12}
        maxLength={20_000}
        onChange={(event) => onText(event.target.value)}
      />
      <Field
        label={t("prompts.name")}
        value={name}
        required
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={t("prompts.tags")}
        hint={t("prompts.tagsHint")}
        value={tags}
        maxLength={500}
        autoComplete="off"
        onChange={(event) => setTags(event.target.value)}
      />
      {keeping.isError && <ProblemNotice error={keeping.error} />}
      <Button type="submit" look="primary" disabled={!name.trim() || !text.trim() || keeping.isPending}>
        {t("prompts.keep")}
      </Button>
    </form>
  );
}
