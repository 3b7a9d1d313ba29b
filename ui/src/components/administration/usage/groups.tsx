import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { GroupMonth } from "@/api/administration/types";
import { groupFootprintQuery } from "@/api/administration/usage";
import { useFormats } from "@/shared/formats";
import { Figure } from "../../charts/figure";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Choice } from "../../ui/field";
import { useAmounts } from "./amounts";

const MONTHS = 12;
const SHEET = ["calls", "energy_low", "energy", "co2e_low", "co2e", "water_low", "water"] as const;

/** What everybody's answers cost in energy, CO2e and water, by group, in a month. */
export function GroupFootprints() {
  const { t } = useTranslation();
  const { month } = useFormats();
  const groups = useQuery(groupFootprintQuery(MONTHS));
  const [chosen, setChosen] = useState<string | null>(null);
  const months = [...new Set(groups.data?.map((part) => part.month) ?? [])].sort().reverse();
  const shown = chosen ?? months[0] ?? "";
  const parts = groups.data?.filter((part) => part.month === shown) ?? [];
  return (
    <section aria-labelledby="groups" className="mt-10 space-y-4">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div>
          <h2 id="groups" className="font-serif text-2xl font-medium">
            {t("usage.groups.title")}
          </h2>
          <p className="mt-1 max-w-prose text-sm text-ink-soft">{t("usage.groups.lead")}</p>
        </div>
        {months.length > 1 && (
          <Choice
            label={t("usage.parts.month")}
            value={shown}
            options={months.map((each) => [each, month(each, "long")] as const)}
            onChoose={setChosen}
          />
        )}
      </div>
      {groups.isPending && <Waiting lines={4} />}
      {groups.isError && <ProblemNotice error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.data && parts.length === 0 && (
        <p className="rounded-2xl border border-dashed border-line-strong/60 p-8 text-center text-ink-soft">
          {t("usage.groups.none")}
        </p>
      )}
      {parts.length > 0 && <Groups month={shown} parts={parts} />}
    </section>
  );
}

function Groups({ month, parts }: { month: string; parts: GroupMonth[] }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { amount, inUnit } = useAmounts();
  const sorted = [...parts].sort((one, other) => other.used.co2e_g.high - one.used.co2e_g.high);
  const unit = inUnit("co2e", sorted[0]?.used.co2e_g.high ?? 0);
  const nameOf = (part: GroupMonth) => part.group ?? t("usage.groups.everybody");
  return (
    <Figure
      title={t("usage.groups.chart")}
      kind="bars"
      bars={sorted.map((part) => ({
        label: nameOf(part),
        told: `${nameOf(part)} · ${amount(part.used.co2e_g, "co2e")}`,
        low: unit.number(part.used.co2e_g.low),
        high: unit.number(part.used.co2e_g.high),
      }))}
      format={unit.written}
      columns={[
        t("usage.groups.group"),
        t("usage.measures.calls"),
        t("usage.measures.co2e"),
        t("usage.measures.energy"),
        t("usage.measures.water"),
      ]}
      rows={sorted.map(({ group, used, ...part }) => ({
        key: group ?? "",
        shown: [
          nameOf({ group, used, ...part }),
          number(used.calls),
          amount(used.co2e_g, "co2e"),
          amount(used.energy_kwh, "energy"),
          amount(used.water_l, "water"),
        ],
      }))}
      sheet={{
        columns: [t("usage.groups.group"), ...SHEET.map((name) => t(`usage.inFile.${name}`))],
        rows: sorted.map(({ group, used }) => [
          group ?? t("usage.groups.everybody"),
          used.calls,
          used.energy_kwh.low,
          used.energy_kwh.high,
          used.co2e_g.low,
          used.co2e_g.high,
          used.water_l.low,
          used.water_l.high,
        ]),
      }}
      file={`centaure-footprint-${month}`}
    />
  );
}
