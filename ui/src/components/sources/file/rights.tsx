import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemKind } from "@/api/problem";
import { askRights } from "@/api/sources/file";
import type { HeldRights, RightsNamed, SourceFile } from "@/api/types";
import { Notice } from "../../states/notice";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Part } from "./part";

interface Props {
  source: number;
  path: string;
  file: SourceFile;
}

/** Who reads it today and by which rule, in sentences; and whether somebody does. */
export function FileRights({ source, path, file }: Props) {
  const { t } = useTranslation();
  const { document, rights } = file;
  if (!rights || !document) return null;
  return (
    <Part id="file-rights" title={t("file.rights")} lead={t("file.rightsLead")}>
      <Sentences rights={rights} classification={document.classification} />
      <Asking source={source} path={path} />
    </Part>
  );
}

function Sentences({ rights, classification }: { rights: HeldRights; classification: string }) {
  const { t } = useTranslation();
  const listed = useListed();
  const { readers, denied, rule, place } = rights;
  const open = readers.length > 0 && !denied.some(({ who }) => who === "everyone");
  return (
    <ul className="max-w-prose list-disc space-y-1.5 pl-5 text-[0.9375rem] marker:text-ink-faint">
      <li className="font-medium">
        {open ? t("file.openTo", { names: listed(readers) }) : t("file.openToNobody")}
      </li>
      {denied.length > 0 && <li>{t("file.deniedTo", { names: listed(denied) })}</li>}
      <li>{t("file.upTo", { class: classification })}</li>
      <li>
        {rule === null
          ? t(place ? "file.noRulePlace" : "file.noRule")
          : t(rule === "." ? "file.ruleWhole" : "file.rule", { rule })}
      </li>
      {place &&
        (place.problem ? (
          <li>{t("file.placeSilent", { problem: place.problem })}</li>
        ) : (
          place.clauses.map((clause, number) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: conditions never move.
              key={number}
            >
              {t("file.placeAsks", { names: listed(clause) })}
            </li>
          ))
        ))}
      {place && place.denied.length > 0 && <li>{t("file.placeShuts", { names: listed(place.denied) })}</li>}
    </ul>
  );
}

/** "the group Finance, Alice Martin (alice)": people as one says them. */
function useListed(): (names: readonly RightsNamed[]) => string {
  const { t } = useTranslation();
  return (names) =>
    names
      .map(({ who, name, login }) => {
        if (who === "user") return login && login !== name ? t("file.who.user", { name, login }) : name;
        return who === "group" ? t("file.who.group", { name }) : t(`file.who.${who}`);
      })
      .join(", ") || t("file.who.nobody");
}

/** "May NAME read this?" */
function Asking({ source, path }: { source: number; path: string }) {
  const { t } = useTranslation();
  const [login, setLogin] = useState("");
  const ask = useMutation({ mutationFn: (who: string) => askRights(source, path, who) });
  // Where the file is gone meanwhile, or not theirs to read any more, that is what is said.
  const unknown = ask.isError && problemKind(ask.error) === "invalid";
  return (
    <form
      className="mt-5 border-t pt-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (login.trim() !== "") ask.mutate(login.trim());
      }}
    >
      <div className="flex max-w-lg flex-wrap items-end gap-2">
        <Field
          className="min-w-56 flex-1"
          label={t("file.mayRead")}
          value={login}
          required
          maxLength={200}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          fault={unknown ? t("file.noSuchLogin") : null}
          onChange={(event) => setLogin(event.target.value)}
        />
        <Button type="submit" className="h-11" disabled={ask.isPending || login.trim() === ""}>
          {t("file.askRights")}
        </Button>
      </div>
      {ask.isError && !unknown && (
        <div className="mt-4">
          <ProblemNotice error={ask.error} />
        </div>
      )}
      <div aria-live="polite" className="mt-4 empty:hidden">
        {ask.data && (
          <Notice title={t(ask.data.readable ? "file.reads" : "file.readsNot", { login: ask.data.login })}>
            <ul lang="en" className="mt-1 list-disc space-y-1.5 pl-5 break-words marker:text-ink-faint">
              {ask.data.sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </Notice>
        )}
      </div>
    </form>
  );
}
