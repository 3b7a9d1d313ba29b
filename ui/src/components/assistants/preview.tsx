import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Definition } from "@/api/types";
import { FormFields } from "./form";
import { Openings } from "./openings";
import { Prompt } from "./parts";
import { filled, type Values } from "./prompt";

/** What is being built, as those who use it will see it: its face, its form, and the prompt that this makes. */
export function Preview({ definition }: { definition: Definition }) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Values>({});
  const { name, description, language, fields, template, openings, role, tone, instructions } = definition;
  const told = [
    [t("assistants.role"), role],
    [t("assistants.tone"), tone],
    [t("assistants.instructions"), instructions],
  ].filter(([, text]) => text?.trim());
  return (
    <aside
      aria-label={t("assistants.preview")}
      className="space-y-5 rounded-2xl border border-dashed border-line-strong/60 p-5 lg:sticky lg:top-6 lg:max-h-[calc(100dvh-7rem)] lg:overflow-y-auto"
    >
      <h2 className="text-sm font-semibold text-ink-soft">{t("assistants.preview")}</h2>
      <div lang={language}>
        <p className="font-serif text-2xl leading-snug font-medium break-words">
          {name || t("assistants.unnamed")}
        </p>
        {description && <p className="mt-1 break-words text-ink-soft">{description}</p>}
      </div>
      <Openings questions={openings} language={language} />
      {fields.length > 0 && (
        <>
          <FormFields fields={fields} language={language} values={values} onChange={setValues} />
          <div>
            <h3 className="text-sm font-medium">{t("assistants.promptMade")}</h3>
            <Prompt text={filled(template, fields, values)} language={language} />
          </div>
        </>
      )}
      <div>
        <h3 className="text-sm font-medium">{t("assistants.toldModel")}</h3>
        {told.length === 0 ? (
          <p className="mt-1 text-sm text-ink-soft">{t("assistants.toldNothing")}</p>
        ) : (
          <dl className="mt-2 space-y-2 text-[0.9375rem]" lang={language}>
            {told.map(([part, text]) => (
              <div key={part}>
                <dt className="text-sm text-ink-faint">{part}</dt>
                <dd className="break-words whitespace-pre-line">{text}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </aside>
  );
}
