import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Definition, FormField } from "@/api/types";
import { Button } from "../ui/button";
import { Choice, Field, inputClasses, LongField } from "../ui/field";
import { nameFor } from "./prompt";

const KINDS = ["line", "text", "choice", "number", "date"] as const;

interface Props {
  fields: readonly FormField[];
  template: string;
  /** Fields that have no place in the template, and names in it that are no field. */
  unplaced: readonly string[];
  unknown: readonly string[];
  onChange: (change: Pick<Definition, "fields" | "template">) => void;
}

/** The form of an assistant: its fields, and the template in which they take their places. */
export function FieldsEditor({ fields, template, unplaced, unknown, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [label, setLabel] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const add = () => {
    const shown = label.trim();
    if (shown === "" || fields.length >= 20) return;
    const name = nameFor(
      shown,
      fields.map((field) => field.name),
    );
    const field: FormField = { name, label: shown, kind: "line", required: false, choices: [], help: "" };
    const line = t("assistants.templateLine", { label: shown, name: `{${name}}` });
    onChange({ fields: [...fields, field], template: [template, line].filter(Boolean).join("\n") });
    setLabel("");
    box.current?.focus();
  };
  const change = (place: number, next: FormField) =>
    onChange({ fields: fields.map((field, at) => (at === place ? next : field)), template });
  const move = (place: number, by: number) => {
    const moved = [...fields];
    const [field] = moved.splice(place, 1);
    if (field) moved.splice(place + by, 0, field);
    onChange({ fields: moved, template });
  };
  const remove = (place: number) =>
    onChange({
      fields: fields.filter((_, at) => at !== place),
      template: without(template, fields[place]?.name ?? ""),
    });
  return (
    <div className="space-y-5">
      <fieldset className="space-y-3">
        <legend className="text-sm font-medium">{t("assistants.formFields")}</legend>
        {fields.length === 0 && <p className="text-sm text-ink-soft">{t("assistants.noFields")}</p>}
        <ol className="space-y-3">
          {fields.map((field, place) => (
            <FieldEditor
              key={field.name}
              field={field}
              first={place === 0}
              last={place === fields.length - 1}
              onChange={(next) => change(place, next)}
              onMove={(by) => move(place, by)}
              onRemove={() => remove(place)}
            />
          ))}
        </ol>
        <div>
          <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
            {t("assistants.newField")}
          </label>
          <div className="flex gap-2">
            <input
              id={id}
              ref={box}
              className={inputClasses}
              value={label}
              maxLength={100}
              autoComplete="off"
              onChange={(event) => setLabel(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
                event.preventDefault();
                add();
              }}
            />
            <Button className="h-11" disabled={label.trim() === ""} onClick={add}>
              <Plus aria-hidden="true" />
              {t("assistants.addField")}
            </Button>
          </div>
        </div>
      </fieldset>
      {(fields.length > 0 || template !== "") && (
        <div>
          <LongField
            label={t("assistants.template")}
            hint={t("assistants.templateHint")}
            rows={6}
            maxLength={4000}
            value={template}
            onChange={(event) => onChange({ fields: [...fields], template: event.target.value })}
          />
          <div role="status" className="text-sm text-danger">
            {unplaced.map((name) => (
              <p key={name} className="mt-1.5">
                {t("assistants.unplaced", { name: `{${name}}` })}
              </p>
            ))}
            {unknown.map((name) => (
              <p key={name} className="mt-1.5">
                {t("assistants.unknownName", { name: `{${name}}` })}
              </p>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

/** A template without a placeholder: a line that holds no other goes with it. */
function without(template: string, name: string): string {
  const placeholder = `{${name}}`;
  return template
    .split("\n")
    .flatMap((line) => {
      if (!line.includes(placeholder)) return [line];
      const rest = line.replaceAll(placeholder, "");
      return /\{[a-z][a-z0-9_]*\}/.test(rest) ? [rest] : [];
    })
    .join("\n")
    .trim();
}

interface EditorProps {
  field: FormField;
  first: boolean;
  last: boolean;
  onChange: (field: FormField) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

function FieldEditor({ field, first, last, onChange, onMove, onRemove }: EditorProps) {
  const { t } = useTranslation();
  const [choices, setChoices] = useState(field.choices.join("\n"));
  const { name, label, kind, required, help } = field;
  return (
    <li className="rounded-xl border bg-paper p-4">
      <div className="mb-3 flex items-center gap-1">
        <p className="mr-auto min-w-0 font-medium break-words">
          {label || name} <code className="ml-1 text-sm font-normal text-ink-faint">{`{${name}}`}</code>
        </p>
        <Button
          look="quiet"
          size="iconSmall"
          className="disabled:opacity-40"
          aria-label={t("assistants.moveUp", { label })}
          disabled={first}
          onClick={() => onMove(-1)}
        >
          <ArrowUp aria-hidden="true" />
        </Button>
        <Button
          look="quiet"
          size="iconSmall"
          className="disabled:opacity-40"
          aria-label={t("assistants.moveDown", { label })}
          disabled={last}
          onClick={() => onMove(1)}
        >
          <ArrowDown aria-hidden="true" />
        </Button>
        <Button
          look="quiet"
          size="iconSmall"
          aria-label={t("assistants.removeField", { label })}
          onClick={onRemove}
        >
          <Trash2 aria-hidden="true" />
        </Button>
      </div>
      <div className="grid gap-x-4 gap-y-4 sm:grid-cols-2">
        <Field
          label={t("assistants.fieldLabel")}
          value={label}
          required
          maxLength={100}
          autoComplete="off"
          onChange={(event) => onChange({ ...field, label: event.target.value })}
        />
        <Choice
          label={t("assistants.fieldKind")}
          value={kind}
          options={KINDS.map((each) => [each, t(`assistants.fieldKinds.${each}`)] as const)}
          onChoose={(chosen) =>
            onChange({ ...field, kind: chosen, choices: chosen === "choice" ? linesOf(choices) : [] })
          }
        />
        <Field
          className="sm:col-span-2"
          label={t("assistants.fieldHelp")}
          value={help}
          maxLength={300}
          autoComplete="off"
          onChange={(event) => onChange({ ...field, help: event.target.value })}
        />
        {kind === "choice" && (
          <LongField
            className="sm:col-span-2"
            label={t("assistants.fieldChoices")}
            hint={t("assistants.fieldChoicesHint")}
            rows={3}
            required
            value={choices}
            onChange={(event) => {
              setChoices(event.target.value);
              onChange({ ...field, choices: linesOf(event.target.value) });
            }}
          />
        )}
      </div>
      <label className="mt-3 flex min-h-8 w-fit items-center gap-2.5">
        <input
          type="checkbox"
          className="size-[1.125rem] accent-accent"
          checked={required}
          onChange={(event) => onChange({ ...field, required: event.target.checked })}
        />
        {t("assistants.fieldRequired")}
      </label>
    </li>
  );
}

const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];
