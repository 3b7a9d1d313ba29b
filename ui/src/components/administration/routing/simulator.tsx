import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { CAPABILITIES, CLASSES, modelsQuery, PURPOSES, routeQuery } from "@/api/administration/models";
import type { RequestFacts, Route } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";
import { ClassificationBadge } from "../../documents/classification";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Checks } from "../../ui/checks";
import { Choice, Field } from "../../ui/field";
import { LeftOutModels } from "./left-out";

const FIRST: RequestFacts = {
  classification: "C1",
  purpose: "answer",
  assistant: "",
  language: "",
  prompt_tokens: 2000,
  most_tokens: 1024,
  capabilities: [],
  model: "",
};
const MOST = 2 ** 31 - 1;

/** What would happen to a request: nothing is sent, and none of its words are needed. */
export function Simulator() {
  const { t } = useTranslation();
  const [facts, setFacts] = useState(FIRST);
  const route = useQuery(routeQuery(useDeferredValue(facts)));
  const models = useQuery(modelsQuery);
  const { language } = useFormats();
  const set = (more: Partial<RequestFacts>) => setFacts({ ...facts, ...more });
  const count = (text: string) => Math.min(MOST, Math.max(0, Math.round(Number(text) || 0)));
  return (
    <section aria-labelledby="simulator" className="mt-10">
      <h2 id="simulator" className="font-serif text-2xl font-medium">
        {t("administration.routing.simulator")}
      </h2>
      <p className="mt-1 mb-5 max-w-prose text-ink-soft">{t("administration.routing.simulatorLead")}</p>
      <div className="grid gap-6 lg:grid-cols-2">
        <div className="space-y-5">
          <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
            <Choice
              label={t("administration.routing.class")}
              value={facts.classification}
              options={CLASSES.map((value) => [value, `${value} · ${t(`classification.${value}`)}`] as const)}
              onChoose={(classification) => set({ classification })}
            />
            <Choice
              label={t("administration.routing.purpose")}
              value={facts.purpose}
              options={PURPOSES.map(
                (value) => [value, t(`administration.routing.purposes.${value}`)] as const,
              )}
              onChoose={(purpose) => set({ purpose })}
            />
            <Choice
              label={t("administration.routing.language")}
              value={facts.language as "" | "fr" | "en"}
              options={(["", "fr", "en"] as const).map(
                (value) =>
                  [
                    value,
                    value === "" ? t("administration.routing.unknown") : (language(value) ?? value),
                  ] as const,
              )}
              onChoose={(chosen) => set({ language: chosen })}
            />
            <Choice
              label={t("administration.routing.model")}
              value={facts.model}
              options={[
                ["", t("administration.routing.noModel")] as const,
                ...(models.data ?? []).map(({ name }) => [name, name] as const),
              ]}
              onChoose={(model) => set({ model })}
            />
            <Field
              label={t("administration.routing.prompt")}
              type="number"
              min={0}
              value={facts.prompt_tokens}
              onChange={(event) => set({ prompt_tokens: count(event.target.value) })}
            />
            <Field
              label={t("administration.routing.most")}
              type="number"
              min={0}
              value={facts.most_tokens}
              onChange={(event) => set({ most_tokens: count(event.target.value) })}
            />
            <Field
              label={t("administration.routing.assistant")}
              value={facts.assistant}
              maxLength={200}
              autoComplete="off"
              onChange={(event) => set({ assistant: event.target.value })}
            />
          </div>
          <Checks
            label={t("administration.routing.needs")}
            chosen={facts.capabilities}
            options={CAPABILITIES.map((value) => [value, t(`administration.models.able.${value}`)] as const)}
            onChoose={(capabilities) => set({ capabilities })}
          />
        </div>
        <section
          aria-label={t("administration.routing.found")}
          aria-live="polite"
          className="rounded-2xl border bg-surface p-5"
        >
          {route.isPending && <Waiting lines={4} />}
          {route.isError && <ProblemNotice error={route.error} onRetry={() => void route.refetch()} />}
          {route.data && <Found route={route.data} classification={facts.classification} />}
        </section>
      </div>
    </section>
  );
}

function Found({ route, classification }: { route: Route; classification: RequestFacts["classification"] }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  return (
    <div className="space-y-4">
      <p className="text-ink-soft">
        {route.rule === null
          ? t("administration.routing.noRule")
          : t("administration.routing.decides", { name: route.rule })}
      </p>
      {route.models.length === 0 ? (
        <div>
          <p className="font-medium text-warning">{t("administration.routing.nobody")}</p>
          <p className="mt-1 text-sm text-ink-soft">{t("administration.routing.nobodyAdvice")}</p>
        </div>
      ) : (
        <ol className="space-y-2">
          {route.models.map((model, place) => (
            <li key={model.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="text-ink-faint tabular-nums">{number(place + 1)}</span>
              <span className="font-medium break-words">{model.name}</span>
              <ClassificationBadge value={model.highest} />
              {!model.answers && (
                <span className="text-sm text-warning">{t("administration.models.silent")}</span>
              )}
            </li>
          ))}
        </ol>
      )}
      {route.models.length > 1 && (
        <p className="text-sm text-ink-faint">
          {route.hedge_s === null
            ? t("administration.routing.next")
            : t("administration.routing.hedgedAfter", { seconds: number(route.hedge_s) })}
        </p>
      )}
      <LeftOutModels
        title={t("administration.routing.leftOut")}
        left={route.left_out}
        classification={classification}
      />
    </div>
  );
}
