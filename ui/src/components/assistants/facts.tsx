import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Assistant, Definition } from "@/api/types";
import { useFormats } from "@/shared/formats";

/** What an assistant is told, where it searches, who answers and what guards it. */
export function Facts({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const { moment, language: nameOf } = useFormats();
  const { definition, key, guarded, version, changed_at, shipped, own, owner_name } = assistant;
  const { kind, language, role, tone, instructions, model } = definition;
  return (
    <dl className="divide-y rounded-2xl border bg-surface px-5">
      <Fact name={t("assistants.kind")}>{t(`assistants.kindsLong.${kind}`)}</Fact>
      {role && (
        <Fact name={t("assistants.role")} language={language}>
          {role}
        </Fact>
      )}
      {tone && (
        <Fact name={t("assistants.tone")} language={language}>
          {tone}
        </Fact>
      )}
      {instructions && (
        <Fact name={t("assistants.instructions")} language={language}>
          {instructions}
        </Fact>
      )}
      {kind === "documents" && (
        <Fact name={t("assistants.scope")}>
          <ScopeWords scope={definition.scope} />
        </Fact>
      )}
      <Fact name={t("assistants.model")}>{model || t("assistants.byRules")}</Fact>
      <Fact name={t("assistants.guardrails")}>
        {t(guarded ? "assistants.guardedOwn" : "assistants.guardedCommon")}
      </Fact>
      <Fact name={t("assistants.language")}>{nameOf(language)}</Fact>
      <Fact name={t("assistants.whoseIs")}>
        {shipped
          ? t("assistants.shippedLong")
          : [
              own ? t("assistants.yours") : owner_name && t("assistants.by", { name: owner_name }),
              version !== null && t("assistants.version", { number: version }),
              changed_at && moment(changed_at),
            ]
              .filter(Boolean)
              .join(" · ")}
      </Fact>
      <Fact name={t("assistants.key")}>
        <code className="text-sm break-all">{key}</code>
        <span className="mt-1 block text-sm text-ink-faint">{t("assistants.keyHint")}</span>
      </Fact>
    </dl>
  );
}

interface FactProps {
  name: string;
  language?: string;
  children: ReactNode;
}

function Fact({ name, language, children }: FactProps) {
  return (
    <div className="grid gap-x-6 gap-y-1 py-3.5 sm:grid-cols-[12rem_minmax(0,1fr)]">
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd className="break-words whitespace-pre-line" lang={language}>
        {children}
      </dd>
    </div>
  );
}

/** Where it searches at most, in words. */
export function ScopeWords({ scope }: { scope: Definition["scope"] }) {
  const { t } = useTranslation();
  const { language } = useFormats();
  const parts = [
    scope.sources.length > 0 && t("assistants.scopes.sources", { names: scope.sources.join(", ") }),
    scope.folders.length > 0 && t("assistants.scopes.folders", { names: scope.folders.join(", ") }),
    scope.formats.length > 0 &&
      t("assistants.scopes.formats", { names: scope.formats.map((one) => one.toUpperCase()).join(", ") }),
    scope.languages.length > 0 &&
      t("assistants.scopes.languages", {
        names: scope.languages.map((one) => language(one) ?? t("assistants.otherLanguages")).join(", "),
      }),
  ].filter((part) => part !== false);
  if (parts.length === 0) return t("assistants.everywhere");
  return (
    <ul className="space-y-0.5">
      {parts.map((part) => (
        <li key={part}>{part}</li>
      ))}
    </ul>
  );
}
