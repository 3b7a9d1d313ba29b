import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { filtersQuery } from "@/api/search/queries";
import type { Definition } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { LongField } from "../ui/field";

type Scope = Definition["scope"];

interface Props {
  value: Scope;
  onChange: (scope: Scope) => void;
}

/** Where an assistant searches at most: what its writer can filter on, and what stands in it already. */
export function ScopeEditor({ value, onChange }: Props) {
  const { t } = useTranslation();
  const { language } = useFormats();
  const { data } = useQuery(filtersQuery);
  const [folders, setFolders] = useState(value.folders.join("\n"));
  return (
    <>
      <Some
        label={t("assistants.scopeParts.sources")}
        options={data?.sources ?? []}
        chosen={value.sources}
        onChoose={(sources) => onChange({ ...value, sources })}
      />
      <LongField
        label={t("assistants.scopeParts.folders")}
        hint={t("assistants.foldersHint")}
        rows={2}
        value={folders}
        spellCheck={false}
        onChange={(event) => {
          setFolders(event.target.value);
          const lines = event.target.value.split("\n").map((line) => line.trim().replace(/^\/+|\/+$/g, ""));
          onChange({ ...value, folders: [...new Set(lines)].filter(Boolean) });
        }}
      />
      <Some
        label={t("assistants.scopeParts.formats")}
        options={data?.formats ?? []}
        chosen={value.formats}
        shown={(format) => format.toUpperCase()}
        onChoose={(formats) => onChange({ ...value, formats })}
      />
      <Some
        label={t("assistants.scopeParts.languages")}
        options={data?.languages ?? []}
        chosen={value.languages}
        shown={(code) => language(code) ?? t("assistants.otherLanguages")}
        onChoose={(languages) => onChange({ ...value, languages })}
      />
    </>
  );
}

interface SomeProps {
  label: string;
  options: readonly string[];
  chosen: readonly string[];
  shown?: (option: string) => string;
  onChoose: (chosen: string[]) => void;
}

function Some({ label, options, chosen, shown = (option) => option, onChoose }: SomeProps) {
  const all = [...new Set([...options, ...chosen])];
  if (all.length === 0) return null;
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <div className="flex max-h-40 flex-wrap gap-x-5 overflow-y-auto">
        {all.map((option) => (
          <label key={option} className="flex min-h-8 items-center gap-2 break-words">
            <input
              type="checkbox"
              className="size-[1.125rem] shrink-0 accent-accent"
              checked={chosen.includes(option)}
              onChange={(event) =>
                onChoose(
                  event.target.checked ? [...chosen, option] : chosen.filter((other) => other !== option),
                )
              }
            />
            <span className="min-w-0 break-words">{shown(option)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
