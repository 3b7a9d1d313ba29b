import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  addAssistant,
  assistantChoicesQuery,
  assistantKeys,
  assistantQuery,
  assistantsQuery,
  changeAssistant,
} from "@/api/assistants/queries";
import { Problem } from "@/api/problem";
import type { Assistant, Definition } from "@/api/types";
import { LANGUAGES } from "@/i18n";
import { useFormats } from "@/shared/formats";
import { Page } from "../layout/shell";
import { Missing } from "../states/missing";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button, buttonClasses } from "../ui/button";
import { Choice, Field, LongField } from "../ui/field";
import { FieldsEditor } from "./fields";
import { usePageLanguage } from "./language";
import { Preview } from "./preview";
import { namesIn } from "./prompt";
import { ScopeEditor } from "./scope";

const KINDS = ["documents", "writing"] as const;

const empty = (language: Definition["language"]): Definition => ({
  name: "",
  description: "",
  team: "",
  kind: "documents",
  language,
  role: "",
  tone: "",
  instructions: "",
  scope: { sources: [], folders: [], formats: [], languages: [] },
  model: "",
  openings: [],
  fields: [],
  template: "",
});

/** Writes an assistant, from nothing or from a copy of another. */
export function NewAssistantPage({ from }: { from: string | null }) {
  const { t } = useTranslation();
  const language = usePageLanguage();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const original = useQuery({ ...assistantQuery(from ?? "", language), enabled: from !== null });
  const add = useMutation({
    mutationFn: ({ definition }: Written) => addAssistant(definition),
    onSuccess: async (key) => {
      await cache.invalidateQueries({ queryKey: assistantKeys.all });
      await navigate({ to: "/assistants/$key", params: { key } });
    },
  });
  if (from !== null && original.data === undefined) return <Loading query={original} />;
  const definition = original.data?.definition;
  return (
    <Builder
      key={from}
      title={t("assistants.new")}
      lead={t("assistants.newLead")}
      start={
        definition
          ? { ...definition, name: t("assistants.copyOf", { name: definition.name }).slice(0, 100) }
          : empty(language)
      }
      saving={add.isPending}
      problem={add.error}
      onSave={(written) => add.mutate(written)}
    />
  );
}

/** Writes the next version of one's own. */
export function EditAssistantPage({ id }: { id: string }) {
  const found = useQuery(assistantQuery(id, usePageLanguage()));
  if (found.error instanceof Problem && found.error.status === 404) return <Missing />;
  if (found.data === undefined) return <Loading query={found} />;
  if (!found.data.own) return <Missing />;
  return <Edit key={id} assistant={found.data} />;
}

function Edit({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  // What was read first is what is changed, whatever is written meanwhile.
  const [from] = useState(assistant);
  const { key, definition, version, name } = from;
  const change = useMutation({
    mutationFn: (written: Written) => changeAssistant(key, written.definition, version ?? 1, written.note),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: assistantKeys.all });
      await navigate({ to: "/assistants/$key", params: { key } });
    },
  });
  return (
    <Builder
      title={t("assistants.editTitle", { name })}
      lead={t("assistants.editLead")}
      start={definition}
      back={key}
      saving={change.isPending}
      problem={change.error}
      onSave={(written) => change.mutate(written)}
    />
  );
}

interface LoadingProps {
  query: { isError: boolean; error: unknown; refetch: () => unknown };
}

function Loading({ query }: LoadingProps) {
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-12 sm:px-8">
      {query.isError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Waiting lines={8} />
      )}
    </div>
  );
}

interface Written {
  definition: Definition;
  note: string;
}

interface Props {
  title: string;
  lead: string;
  start: Definition;
  /** The assistant that is changed, to go back to; left out of a new one. */
  back?: string;
  saving: boolean;
  problem: unknown;
  onSave: (written: Written) => void;
}

function Builder({ title, lead, start, back, saving, problem, onSave }: Props) {
  const { t } = useTranslation();
  const { language: nameOf } = useFormats();
  const pageLanguage = usePageLanguage();
  const [written, setWritten] = useState(start);
  const [openings, setOpenings] = useState(start.openings.join("\n"));
  const [note, setNote] = useState("");
  const choices = useQuery(assistantChoicesQuery);
  const known = useQuery(assistantsQuery(pageLanguage));
  const teams = [...new Set((known.data ?? []).map(({ team }) => team).filter(Boolean))].sort();
  const models = choices.data?.models ?? [];
  const set = (change: Partial<Definition>) => setWritten((before) => ({ ...before, ...change }));
  const typed = (name: "name" | "description" | "team" | "role" | "tone" | "instructions") => ({
    value: written[name],
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  });
  const definition: Definition = {
    ...written,
    openings: [...new Set(openings.split("\n").map((line) => line.trim()))].filter(Boolean).slice(0, 8),
  };
  const placed = namesIn(written.template);
  const unplaced = written.fields.filter(({ name }) => !placed.includes(name));
  const unknown = placed.filter((name) => !written.fields.some((field) => field.name === name));
  const complete = written.name.trim() !== "" && unplaced.length === 0 && unknown.length === 0;
  return (
    <Page title={title} lead={lead}>
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
        <form
          className="space-y-8"
          onSubmit={(event) => {
            event.preventDefault();
            if (complete) onSave({ definition, note: note.trim() });
          }}
        >
          <Part title={t("assistants.partIdentity")}>
            <Field
              label={t("assistants.parts.name")}
              required
              maxLength={100}
              autoComplete="off"
              {...typed("name")}
            />
            <Field
              label={t("assistants.parts.description")}
              hint={t("assistants.descriptionHint")}
              maxLength={500}
              autoComplete="off"
              {...typed("description")}
            />
            <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
              <Field
                label={t("assistants.parts.team")}
                hint={t("assistants.teamHint")}
                maxLength={60}
                list="assistant-teams"
                autoComplete="off"
                {...typed("team")}
              />
              <datalist id="assistant-teams">
                {teams.map((team) => (
                  <option key={team} value={team} />
                ))}
              </datalist>
              <Choice
                label={t("assistants.language")}
                hint={t("assistants.languageHint")}
                value={written.language}
                options={LANGUAGES.map((each) => [each, nameOf(each) ?? each] as const)}
                onChoose={(language) => set({ language })}
              />
            </div>
          </Part>
          <Part title={t("assistants.partAnswer")}>
            <Kinds value={written.kind} onChoose={(kind) => set({ kind })} />
            <LongField
              label={t("assistants.role")}
              hint={t("assistants.roleHint")}
              rows={2}
              maxLength={500}
              {...typed("role")}
            />
            <Field
              label={t("assistants.tone")}
              hint={t("assistants.toneHint")}
              maxLength={300}
              autoComplete="off"
              {...typed("tone")}
            />
            <LongField
              label={t("assistants.instructions")}
              hint={t("assistants.instructionsHint")}
              rows={6}
              maxLength={6000}
              {...typed("instructions")}
            />
            <Choice
              label={t("assistants.model")}
              hint={t("assistants.modelHint")}
              value={written.model}
              options={[
                ["", t("assistants.byRules")],
                ...[...new Set([...models, written.model])]
                  .filter(Boolean)
                  .map((model) => [model, model] as const),
              ]}
              onChoose={(model) => set({ model })}
            />
          </Part>
          {written.kind === "documents" && (
            <Part title={t("assistants.scope")} lead={t("assistants.scopeHint")}>
              <ScopeEditor value={written.scope} onChange={(scope) => set({ scope })} />
            </Part>
          )}
          <Part title={t("assistants.partStart")} lead={t("assistants.partStartHint")}>
            <LongField
              label={t("assistants.openings")}
              hint={t("assistants.openingsHint")}
              rows={3}
              value={openings}
              onChange={(event) => setOpenings(event.target.value)}
            />
            <FieldsEditor
              fields={written.fields}
              template={written.template}
              unplaced={unplaced.map(({ name }) => name)}
              unknown={unknown}
              onChange={set}
            />
          </Part>
          {back !== undefined && (
            <Field
              label={t("assistants.note")}
              hint={t("assistants.noteHint")}
              value={note}
              maxLength={200}
              autoComplete="off"
              onChange={(event) => setNote(event.target.value)}
            />
          )}
          {problem !== null && <ProblemNotice error={problem} />}
          <div className="flex flex-wrap justify-end gap-2">
            {back === undefined ? (
              <Link to="/assistants" className={buttonClasses()}>
                {t("actions.cancel")}
              </Link>
            ) : (
              <Link to="/assistants/$key" params={{ key: back }} className={buttonClasses()}>
                {t("actions.cancel")}
              </Link>
            )}
            <Button type="submit" look="primary" disabled={!complete || saving}>
              {t(back === undefined ? "assistants.create" : "assistants.save")}
            </Button>
          </div>
        </form>
        <Preview definition={definition} />
      </div>
    </Page>
  );
}

function Part({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <section className="rounded-2xl border bg-surface p-5 sm:p-6">
      <h2 className="font-serif text-xl font-medium">{title}</h2>
      {lead && <p className="mt-1 text-[0.9375rem] text-ink-soft">{lead}</p>}
      <div className="mt-5 space-y-5">{children}</div>
    </section>
  );
}

interface KindsProps {
  value: Definition["kind"];
  onChoose: (kind: Definition["kind"]) => void;
}

function Kinds({ value, onChoose }: KindsProps) {
  const { t } = useTranslation();
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{t("assistants.kind")}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {KINDS.map((kind) => (
          <label
            key={kind}
            className="flex cursor-pointer gap-2.5 rounded-xl border p-3.5 has-[:checked]:border-accent has-[:checked]:bg-accent-soft"
          >
            <input
              type="radio"
              name="assistant-kind"
              className="mt-1 size-[1.125rem] shrink-0 accent-accent"
              checked={value === kind}
              onChange={() => onChoose(kind)}
            />
            <span>
              <span className="font-medium">{t(`assistants.kinds.${kind}`)}</span>
              <span className="mt-0.5 block text-sm text-ink-soft">{t(`assistants.kindsLong.${kind}`)}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
