import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CAPABILITIES, CLASSES, PURPOSES } from "@/api/administration/models";
import type { Rule } from "@/api/administration/types";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { Check, Checks } from "../../ui/checks";
import { Dialog } from "../../ui/dialog";
import { Choice, Field } from "../../ui/field";
import { numberOf } from "../models/draft";
import { listed, moved, replaced } from "./rules";

interface Props {
  rule: Rule;
  /** Names of the catalogue. */
  models: string[];
  error: Error | null;
  busy: boolean;
  onSave: (rule: Rule) => void;
  onClose: () => void;
}

const ORDERS = ["written", "cost", "carbon"] as const;

/** Writes a rule: its conditions, all of which must hold, and what is preferred then. */
export function RuleEditor({ rule, models, error, busy, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(rule);
  const [assistants, setAssistants] = useState(rule.assistants.join(", "));
  const [languages, setLanguages] = useState(rule.languages.join(", "));
  const [longer, setLonger] = useState(rule.longer_than?.toString() ?? "");
  const [hedge, setHedge] = useState(rule.hedge_s?.toString() ?? "");
  const set = (more: Partial<Rule>) => setDraft({ ...draft, ...more });
  const numbers = [numberOf(longer), numberOf(hedge)];
  const complete = draft.name.trim() !== "" && numbers.every((each) => !Number.isNaN(each));
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={
        rule.name === ""
          ? t("administration.routing.add")
          : t("administration.routing.editOne", { name: rule.name })
      }
      description={t("administration.routing.editLead")}
    >
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          onSave({
            ...draft,
            name: draft.name.trim(),
            assistants: listed(assistants),
            languages: listed(languages).map((each) => each.toLowerCase()),
            longer_than: numbers[0] ?? null,
            hedge_s: numbers[1] ?? null,
          });
        }}
      >
        <Field
          label={t("administration.routing.name")}
          value={draft.name}
          required
          maxLength={100}
          autoComplete="off"
          onChange={(event) => set({ name: event.target.value })}
        />
        <Checks
          label={t("administration.routing.classes")}
          chosen={draft.classes}
          options={CLASSES.map((value) => [value, `${value} · ${t(`classification.${value}`)}`] as const)}
          onChoose={(classes) => set({ classes })}
        />
        <Checks
          label={t("administration.routing.purpose")}
          hint={t("administration.routing.anyHint")}
          chosen={draft.purposes}
          options={PURPOSES.map((value) => [value, t(`administration.routing.purposes.${value}`)] as const)}
          onChoose={(purposes) => set({ purposes })}
        />
        <Checks
          label={t("administration.routing.needs")}
          chosen={draft.capabilities}
          options={CAPABILITIES.map((value) => [value, t(`administration.models.able.${value}`)] as const)}
          onChoose={(capabilities) => set({ capabilities })}
        />
        <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
          <Field
            label={t("administration.routing.assistants")}
            hint={t("administration.routing.commas")}
            value={assistants}
            autoComplete="off"
            onChange={(event) => setAssistants(event.target.value)}
          />
          <Field
            label={t("administration.routing.languages")}
            hint={t("administration.routing.languagesHint")}
            value={languages}
            autoComplete="off"
            onChange={(event) => setLanguages(event.target.value)}
          />
          <Field
            label={t("administration.routing.longerThan")}
            value={longer}
            inputMode="numeric"
            autoComplete="off"
            onChange={(event) => setLonger(event.target.value)}
          />
        </div>
        <Preferred chosen={draft.models} models={models} onChange={(chosen) => set({ models: chosen })} />
        <Check checked={draft.exclusive} onChange={(exclusive) => set({ exclusive })}>
          {t("administration.routing.exclusive")}
        </Check>
        <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
          <Choice
            label={t("administration.routing.by")}
            value={draft.by}
            options={ORDERS.map((value) => [value, t(`administration.routing.orders.${value}`)] as const)}
            onChoose={(by) => set({ by })}
          />
          <Field
            label={t("administration.routing.hedge")}
            hint={t("administration.routing.hedgeHint")}
            value={hedge}
            inputMode="decimal"
            autoComplete="off"
            onChange={(event) => setHedge(event.target.value)}
          />
        </div>
        {error && <ProblemNotice error={error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button type="submit" look="primary" disabled={busy || !complete}>
            {t("actions.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface PreferredProps {
  chosen: string[];
  models: string[];
  onChange: (chosen: string[]) => void;
}

/** The models that are preferred, the best first. */
function Preferred({ chosen, models, onChange }: PreferredProps) {
  const { t } = useTranslation();
  const others = models.filter((each) => !chosen.includes(each));
  return (
    <div className="space-y-2">
      <Choice
        label={t("administration.routing.models")}
        hint={t("administration.routing.modelsHint")}
        value=""
        options={[
          ["", t("administration.routing.another")] as const,
          ...others.map((name) => [name, name] as const),
        ]}
        onChoose={(name) => name !== "" && onChange([...chosen, name])}
      />
      {chosen.length > 0 && (
        <ol className="overflow-hidden rounded-lg border">
          {chosen.map((name, place) => (
            <li key={name} className="flex items-center gap-1 border-t py-1 pr-1 pl-3 first:border-t-0">
              <span className="min-w-0 flex-1 break-words">{name}</span>
              <Button
                look="quiet"
                size="iconSmall"
                aria-label={t("administration.routing.up", { name })}
                disabled={place === 0}
                onClick={() => onChange(moved(chosen, place, -1))}
              >
                <ArrowUp aria-hidden="true" />
              </Button>
              <Button
                look="quiet"
                size="iconSmall"
                aria-label={t("administration.routing.down", { name })}
                disabled={place === chosen.length - 1}
                onClick={() => onChange(moved(chosen, place, 1))}
              >
                <ArrowDown aria-hidden="true" />
              </Button>
              <Button
                look="quiet"
                size="iconSmall"
                aria-label={t("administration.routing.takeOut", { name })}
                onClick={() => onChange(replaced(chosen, place))}
              >
                <X aria-hidden="true" />
              </Button>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
