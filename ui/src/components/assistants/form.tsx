import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { FormField } from "@/api/types";
import { Choice, Field, LongField } from "../ui/field";
import type { Values } from "./prompt";

interface Props {
  fields: readonly FormField[];
  language: string;
  values: Values;
  onChange: (values: Values) => void;
}

const TYPES = { line: "text", number: "text", date: "date" } as const;

/** The fields of an assistant's form. */
export function FormFields({ fields, language, values, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const set = (name: string, value: string) => onChange({ ...values, [name]: value });
  return (
    <div className="space-y-5" lang={language}>
      {fields.map(({ name, label, kind, required, choices, help }) => {
        const value = values[name] ?? "";
        const common = {
          label: required ? label : t("assistants.optional", { label }),
          ...(help && { hint: help }),
        };
        if (kind === "choice") {
          return (
            <Choice
              key={name}
              {...common}
              value={value}
              options={[
                ["", required ? t("assistants.choose") : "—"],
                ...choices.map((each) => [each, each] as const),
              ]}
              onChoose={(chosen) => set(name, chosen)}
            />
          );
        }
        const input = {
          ...common,
          value,
          required,
          name: `${id}-${name}`,
          autoComplete: "off",
          onChange: (event: { target: { value: string } }) => set(name, event.target.value),
        };
        if (kind === "text") return <LongField key={name} {...input} rows={5} maxLength={10_000} />;
        return (
          <Field
            key={name}
            {...input}
            type={TYPES[kind]}
            {...(kind === "number" && {
              inputMode: "decimal" as const,
              pattern: "-?[0-9]{1,15}([.,][0-9]{1,9})?",
            })}
            maxLength={1000}
          />
        );
      })}
    </div>
  );
}
