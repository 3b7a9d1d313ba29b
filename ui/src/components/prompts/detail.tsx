import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { promptKeys, promptQuery, removePrompt, renamePrompt, writePrompt } from "@/api/prompts/queries";
import type { WholePrompt } from "@/api/types";
import { Page } from "../layout/shell";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field, LongField } from "../ui/field";
import { Sharing } from "./sharing";
import { TrialForm } from "./trial";
import { tagsOf } from "./variables";
import { Versions } from "./versions";

/** One prompt: its words, a trial of them, its versions, and who uses it. */
export function PromptPage({ id }: { id: number }) {
  const { t } = useTranslation();
  const prompt = useQuery(promptQuery(id));
  return (
    <Page
      title={prompt.data?.prompt.name ?? t("prompts.title")}
      lead={
        prompt.data && !prompt.data.prompt.own && t("prompts.by", { name: prompt.data.prompt.owner_name })
      }
    >
      {prompt.isPending && <Waiting lines={8} />}
      {prompt.isError && <ProblemNotice error={prompt.error} onRetry={() => void prompt.refetch()} />}
      {prompt.data && <Studio key={id} whole={prompt.data} />}
    </Page>
  );
}

function Studio({ whole }: { whole: WholePrompt }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { prompt } = whole;
  const [text, setText] = useState(prompt.text);
  const [note, setNote] = useState("");
  const saving = useMutation({
    mutationFn: () => writePrompt(prompt.id, text, note, prompt.version),
    onSuccess: async () => {
      setNote("");
      await queryClient.invalidateQueries({ queryKey: promptKeys.all });
    },
  });
  const changed = text.trim() !== prompt.text;
  return (
    <div className="space-y-12">
      <form
        className="max-w-3xl space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) saving.mutate();
        }}
      >
        <LongField
          label={t("prompts.text")}
          hint={t("prompts.textHint", { open: "{{", close: "}}" })}
          value={text}
          rows={10}
          maxLength={20_000}
          onChange={(event) => setText(event.target.value)}
        />
        {prompt.own && changed && (
          <Field
            label={t("prompts.note")}
            value={note}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => setNote(event.target.value)}
          />
        )}
        {saving.isError && <ProblemNotice error={saving.error} />}
        {prompt.own && (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button type="submit" look="primary" disabled={!changed || !text.trim() || saving.isPending}>
              {t("prompts.saveVersion", { number: prompt.version + 1 })}
            </Button>
            <p aria-live="polite" className="text-sm text-ink-soft">
              {changed ? t("prompts.unsaved") : t("prompts.isVersion", { number: prompt.version })}
            </p>
          </div>
        )}
      </form>
      <TrialForm text={text} scored={changed ? null : { prompt: prompt.id, version: prompt.version }} />
      <Versions whole={whole} onBack={setText} />
      {prompt.own && (
        <>
          <Sharing id={prompt.id} groups={whole.groups} />
          <About whole={whole} />
        </>
      )}
    </div>
  );
}

/** Name, tags, and the way out of the library. */
function About({ whole: { prompt } }: { whole: WholePrompt }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [name, setName] = useState(prompt.name);
  const [tags, setTags] = useState(prompt.tags.join(", "));
  const [removing, setRemoving] = useState(false);
  const naming = useMutation({
    mutationFn: () => renamePrompt(prompt.id, name, tagsOf(tags)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: promptKeys.all }),
  });
  const removal = useMutation({
    mutationFn: () => removePrompt(prompt.id),
    onSuccess: async () => {
      await navigate({ to: "/prompts" });
      queryClient.removeQueries({ queryKey: [...promptKeys.all, prompt.id] });
      await queryClient.invalidateQueries({ queryKey: promptKeys.all });
    },
  });
  return (
    <section aria-labelledby="about">
      <h2 id="about" className="mb-4 text-lg font-semibold">
        {t("prompts.about")}
      </h2>
      <form
        className="max-w-xl space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          naming.mutate();
        }}
      >
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
        {naming.isError && <ProblemNotice error={naming.error} />}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" disabled={!name.trim() || naming.isPending}>
            {t("actions.save")}
          </Button>
          <Button look="danger" onClick={() => setRemoving(true)}>
            {t("prompts.remove")}
          </Button>
        </div>
      </form>
      <Dialog
        open={removing}
        onClose={() => setRemoving(false)}
        title={t("prompts.removeTitle")}
        description={t("prompts.removeAdvice")}
      >
        {removal.isError && <ProblemNotice error={removal.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={() => setRemoving(false)}>{t("actions.cancel")}</Button>
          <Button look="danger" disabled={removal.isPending} onClick={() => removal.mutate()}>
            {t("prompts.remove")}
          </Button>
        </div>
      </Dialog>
    </section>
  );
}
