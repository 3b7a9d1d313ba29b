import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  ACCESSES,
  addModel,
  CAPABILITIES,
  CLASSES,
  changeModel,
  KINDS,
  LIFECYCLES,
  modelKeys,
  TYPES,
} from "@/api/administration/models";
import type { Model } from "@/api/administration/types";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { Checks } from "../../ui/checks";
import { Dialog } from "../../ui/dialog";
import { Choice, Field } from "../../ui/field";
import { type Draft, draftOf, isComplete, wishOf } from "./draft";
import { accessName } from "./entry";

interface Props {
  /** Null for one that is not there yet. */
  model: Model | null;
  onClose: () => void;
}

/** Describes a model; its key goes in and never comes out. */
export function ModelEditor({ model, onClose }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => draftOf(model));
  const save = useMutation({
    mutationFn: () => {
      const wish = wishOf(draft, model);
      return model === null ? addModel(wish) : changeModel(model.id, wish);
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: modelKeys.all });
      onClose();
    },
  });
  const set = (more: Partial<Draft>) => setDraft({ ...draft, ...more });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={
        model === null
          ? t("administration.models.add")
          : t("administration.models.editOne", { name: model.name })
      }
      description={t("administration.models.editLead")}
    >
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Where draft={draft} known={model !== null} onChange={set} />
        <Sent draft={draft} onChange={set} />
        <Known draft={draft} onChange={set} />
        {save.isError && <ProblemNotice error={save.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button type="submit" look="primary" disabled={save.isPending || !isComplete(draft)}>
            {t("actions.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface PartProps {
  draft: Draft;
  onChange: (more: Partial<Draft>) => void;
}

/** The service that it is asked at. */
function Where({ draft, known, onChange }: PartProps & { known: boolean }) {
  const { t } = useTranslation();
  const spoken = draft.kind !== "extractive";
  return (
    <>
      <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
        <Text
          draft={draft}
          name="name"
          required
          hint={t("administration.models.nameHint")}
          onChange={onChange}
        />
        <Choice
          label={t("administration.models.kind")}
          value={draft.kind}
          options={KINDS.map((kind) => [kind, t(`administration.models.kinds.${kind}`)] as const)}
          onChoose={(kind) => onChange({ kind })}
        />
      </div>
      {spoken && (
        <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
          <Text
            draft={draft}
            name="location"
            required={draft.kind === "openai"}
            hint={t("administration.models.locationHint")}
            onChange={onChange}
          />
          <Text
            draft={draft}
            name="model"
            required
            hint={t("administration.models.modelHint")}
            onChange={onChange}
          />
          <Field
            label={t("administration.models.fields.key")}
            hint={t(known ? "administration.models.keyKept" : "administration.models.keyHint")}
            type="password"
            autoComplete="off"
            value={draft.key}
            maxLength={2000}
            onChange={(event) => onChange({ key: event.target.value })}
          />
          {draft.kind === "bedrock" && <Text draft={draft} name="region" required onChange={onChange} />}
        </div>
      )}
    </>
  );
}

/** What it may be sent, and when it is asked. */
function Sent({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
        <Choice
          label={t("administration.models.highest")}
          hint={t("administration.models.highestHint")}
          value={draft.highest}
          options={CLASSES.map((value) => [value, `${value} · ${t(`classification.${value}`)}`] as const)}
          onChoose={(highest) => onChange({ highest })}
        />
        <Choice
          label={t("administration.models.lifecycle")}
          hint={t(`administration.models.lifecycleHints.${draft.lifecycle}`)}
          value={draft.lifecycle}
          options={LIFECYCLES.map(
            (value) => [value, t(`administration.models.lifecycles.${value}`)] as const,
          )}
          onChoose={(lifecycle) => onChange({ lifecycle })}
        />
      </div>
      <Checks
        label={t("administration.models.capabilities")}
        chosen={draft.capabilities}
        options={CAPABILITIES.map((value) => [value, t(`administration.models.able.${value}`)] as const)}
        onChoose={(capabilities) => onChange({ capabilities })}
      />
    </>
  );
}

/** What is known of it: nothing of it is needed, and each fact makes choices and totals better. */
function Known({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <Part title={t("administration.models.costs")} lead={t("administration.models.costsLead")}>
        <Text draft={draft} name="price_in" onChange={onChange} numeric />
        <Text draft={draft} name="price_out" onChange={onChange} numeric />
        <Text draft={draft} name="parameters_active" onChange={onChange} numeric />
        <Text draft={draft} name="parameters_total" onChange={onChange} numeric />
        <Text draft={draft} name="context" onChange={onChange} numeric />
        <Text draft={draft} name="zone" hint={t("administration.models.zoneHint")} onChange={onChange} />
        <Text draft={draft} name="pue" hint={t("administration.models.rangeHint")} onChange={onChange} />
        <Text draft={draft} name="wue" onChange={onChange} />
        <Text draft={draft} name="batch" onChange={onChange} />
        <Text draft={draft} name="bits" onChange={onChange} numeric />
      </Part>
      <Part title={t("administration.models.sheet")} lead={t("administration.models.sheetLead")}>
        <Choice
          label={t("administration.models.type")}
          value={draft.type}
          options={TYPES.map((value) => [value, t(`administration.models.types.${value}`)] as const)}
          onChoose={(type) => onChange({ type })}
        />
        <Choice
          label={t("administration.models.access")}
          value={draft.access}
          options={ACCESSES.map((value) => {
            const access = accessName(value);
            return [value, t(`administration.models.accesses.${access}`)] as const;
          })}
          onChoose={(access) => onChange({ access })}
        />
        <Text draft={draft} name="licence" onChange={onChange} />
        <Text draft={draft} name="publisher" onChange={onChange} />
        <Text
          draft={draft}
          name="country"
          hint={t("administration.models.countryHint")}
          onChange={onChange}
        />
        <Text draft={draft} name="host" onChange={onChange} />
        <Text
          draft={draft}
          name="languages"
          hint={t("administration.models.languagesHint")}
          onChange={onChange}
        />
      </Part>
    </>
  );
}

function Part({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <details className="group rounded-xl border px-4 py-3">
      <summary className="rounded font-medium">
        <span aria-hidden="true" className="mr-2 inline-block transition-transform group-open:rotate-90">
          ›
        </span>
        {title}
      </summary>
      <p className="mt-1 text-sm text-ink-soft">{lead}</p>
      <div className="mt-4 mb-1 grid gap-x-4 gap-y-5 sm:grid-cols-2">{children}</div>
    </details>
  );
}

type Written = { [Name in keyof Draft]: Draft[Name] extends string ? Name : never }[keyof Draft];
type Typed = Exclude<Written, "kind" | "highest" | "lifecycle" | "type" | "access" | "key">;

interface TextProps extends PartProps {
  name: Typed;
  hint?: string;
  required?: boolean;
  numeric?: boolean;
}

function Text({ draft, name, hint, required = false, numeric = false, onChange }: TextProps) {
  const { t } = useTranslation();
  return (
    <Field
      label={t(`administration.models.fields.${name}`)}
      {...(hint && { hint })}
      value={draft[name]}
      required={required}
      maxLength={name === "location" ? 500 : 200}
      autoComplete="off"
      {...(numeric && { inputMode: "decimal" as const })}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  );
}
