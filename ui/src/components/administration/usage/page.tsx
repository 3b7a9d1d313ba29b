import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { UsageBy } from "@/api/administration/types";
import { ALL_PARTS, OWN_PARTS, usageQuery } from "@/api/administration/usage";
import { Page } from "../../layout/shell";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Pills } from "../../ui/pills";
import { UsageChart } from "./chart";
import { Equivalents } from "./equivalents";
import { GroupFootprints } from "./groups";
import { Left } from "./left";
import { type Measure, SPANS, type Span, spanOf } from "./parts";
import { Totals } from "./totals";

/** What everybody used of language models, for administrators. */
export function UsagePage() {
  const { t } = useTranslation();
  return (
    <Page title={t("usage.title")} lead={t("usage.lead")}>
      <Used whose="all" />
      <GroupFootprints />
    </Page>
  );
}

/** What the person used, what is left to them, and what that is like. */
export function OwnUsagePage() {
  const { t } = useTranslation();
  return (
    <Page title={t("usage.own.title")} lead={t("usage.own.lead")}>
      <Left />
      <Used whose="own" />
      <Equivalents />
    </Page>
  );
}

function Used({ whose }: { whose: "own" | "all" }) {
  const { t } = useTranslation();
  const [span, setSpan] = useState<Span>("month");
  const [by, setBy] = useState<UsageBy>("day");
  const [measure, setMeasure] = useState<Measure>("calls");
  const wanted = { ...spanOf(span, new Date()), by };
  const query = useQuery(usageQuery(whose, wanted));
  const chooseSpan = (chosen: Span) => {
    setSpan(chosen);
    if (chosen === "year" && by === "day") setBy("month");
    if (chosen !== "year" && by === "month") setBy("day");
  };
  return (
    <section aria-labelledby="used" className="mt-8 space-y-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <h2 id="used" className="font-serif text-2xl font-medium">
          {t("usage.used")}
        </h2>
        <Pills
          label={t("usage.span")}
          value={span}
          options={SPANS.map((value) => ({ value, label: t(`usage.spans.${value}`) }))}
          onChoose={chooseSpan}
        />
      </div>
      {query.isPending && <Waiting lines={6} />}
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <>
          <Totals total={query.data.total} />
          <Pills
            label={t("usage.by")}
            value={by}
            options={(whose === "own" ? OWN_PARTS : ALL_PARTS).map((value) => ({
              value,
              label: t(`usage.parts.${value}`),
            }))}
            onChoose={setBy}
          />
          <UsageChart usage={query.data} measure={measure} onMeasure={setMeasure} />
        </>
      )}
    </section>
  );
}
