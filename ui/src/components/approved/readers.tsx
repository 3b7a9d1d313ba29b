import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { readerGroupsQuery } from "@/api/approved/queries";
import type { ReaderGroup } from "@/api/types";
import { Field, inputClasses } from "../ui/field";

/** Whom an answer is for: everybody, or groups by their keys and people by their logins. */
export type ReadersChoice = { everybody: true } | { everybody: false; groups: string[]; people: string };

export const EVERYBODY: ReadersChoice = { everybody: true };
const SOME: ReadersChoice = { everybody: false, groups: [], people: "" };
/** From so many groups on, there is a box to find one with. */
const MANY = 10;

/** The keys by which the API knows them. */
export function keysOf(choice: ReadersChoice): string[] {
  if (choice.everybody) return ["*"];
  const people = choice.people.split(/[,;\n]/).map((login) => login.trim());
  return [...new Set([...choice.groups, ...people.filter(Boolean).map((login) => `user:${login}`)])];
}

interface Props {
  value: ReadersChoice;
  onChange: (value: ReadersChoice) => void;
}

export function Readers({ value, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const { data: groups = [] } = useQuery({ ...readerGroupsQuery, enabled: !value.everybody });
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{t("approved.readers")}</legend>
      <div className="flex flex-wrap gap-x-6">
        {([EVERYBODY, SOME] as const).map((choice) => (
          <label key={`${choice.everybody}`} className="flex min-h-8 items-center gap-2.5">
            <input
              type="radio"
              name={id}
              className="size-[1.125rem] shrink-0 accent-accent"
              checked={value.everybody === choice.everybody}
              onChange={() => onChange(choice)}
            />
            {t(choice.everybody ? "approved.readersAll" : "approved.readersSome")}
          </label>
        ))}
      </div>
      {!value.everybody && (
        <div className="mt-3 space-y-4">
          {groups.length > 0 && (
            <Groups
              groups={groups}
              chosen={value.groups}
              onChoose={(chosen) => onChange({ ...value, groups: chosen })}
            />
          )}
          <Field
            label={t("approved.people")}
            hint={t("approved.peopleHint")}
            value={value.people}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ ...value, people: event.target.value })}
          />
        </div>
      )}
    </fieldset>
  );
}

interface GroupsProps {
  groups: ReaderGroup[];
  chosen: string[];
  onChoose: (chosen: string[]) => void;
}

function Groups({ groups, chosen, onChoose }: GroupsProps) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const shown = groups.filter(
    ({ key, label }) =>
      chosen.includes(key) || label.toLocaleLowerCase().includes(words.trim().toLocaleLowerCase()),
  );
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{t("approved.groups")}</legend>
      {groups.length > MANY && (
        <input
          type="search"
          aria-label={t("approved.findGroup")}
          placeholder={t("approved.findGroup")}
          className={`${inputClasses} mb-2`}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <div className="grid max-h-48 gap-x-4 overflow-y-auto rounded-lg border px-3 py-1.5 sm:grid-cols-2">
        {shown.map(({ key, label }) => (
          <label key={key} className="flex min-h-8 min-w-0 items-center gap-2.5 break-words">
            <input
              type="checkbox"
              className="size-[1.125rem] shrink-0 accent-accent"
              checked={chosen.includes(key)}
              onChange={(event) =>
                onChoose(event.target.checked ? [...chosen, key] : chosen.filter((each) => each !== key))
              }
            />
            <span className="min-w-0 break-words">{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
