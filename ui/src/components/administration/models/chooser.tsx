import { useQuery } from "@tanstack/react-query";
import { CircleMinus, CirclePlus, CircleQuestionMark } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CLASSES, rankingQuery, TYPES } from "@/api/administration/models";
import type { Choice as Chosen, Needs, Point } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Choice } from "../../ui/field";
import { LeftOutModels } from "../routing/left-out";

const MUCH = ["little", "some", "much"] as const;
const WEIGHS = ["cost", "balance", "performance"] as const;
const LANGUAGES = ["", "fr", "en"] as const;

const FIRST: Needs = {
  specific: "some",
  culture: "some",
  weighs: "balance",
  classification: "C1",
  language: "",
  type: "",
};

/** Which model for which use: questions, and a ranking that says why. */
export function Chooser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { language } = useFormats();
  const [needs, setNeeds] = useState(FIRST);
  const ranking = useQuery(rankingQuery(needs));
  const set = (more: Partial<Needs>) => setNeeds({ ...needs, ...more });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("administration.chooser.title")}
      description={t("administration.chooser.lead")}
    >
      <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
        <Choice
          label={t("administration.chooser.specific")}
          value={needs.specific}
          options={MUCH.map((value) => [value, t(`administration.chooser.specifics.${value}`)] as const)}
          onChoose={(specific) => set({ specific })}
        />
        <Choice
          label={t("administration.chooser.culture")}
          value={needs.culture}
          options={MUCH.map((value) => [value, t(`administration.chooser.cultures.${value}`)] as const)}
          onChoose={(culture) => set({ culture })}
        />
        <Choice
          label={t("administration.chooser.weighs")}
          value={needs.weighs}
          options={WEIGHS.map((value) => [value, t(`administration.chooser.weights.${value}`)] as const)}
          onChoose={(weighs) => set({ weighs })}
        />
        <Choice
          label={t("administration.chooser.class")}
          value={needs.classification}
          options={CLASSES.map((value) => [value, `${value} · ${t(`classification.${value}`)}`] as const)}
          onChoose={(classification) => set({ classification })}
        />
        <Choice
          label={t("administration.chooser.language")}
          value={needs.language as "" | "fr" | "en"}
          options={LANGUAGES.map(
            (value) =>
              [value, value === "" ? t("administration.chooser.any") : (language(value) ?? value)] as const,
          )}
          onChoose={(chosen) => set({ language: chosen })}
        />
        <Choice
          label={t("administration.chooser.type")}
          value={needs.type}
          options={[
            ["", t("administration.chooser.any")] as const,
            ...TYPES.map((value) => [value, t(`administration.models.types.${value}`)] as const),
          ]}
          onChoose={(type) => set({ type })}
        />
      </div>
      <p className="mt-4 text-sm text-ink-soft">{t("administration.chooser.evaluations")}</p>
      <section aria-label={t("administration.chooser.found")} aria-live="polite" className="mt-6 space-y-4">
        {ranking.isPending && <Waiting lines={4} />}
        {ranking.isError && <ProblemNotice error={ranking.error} onRetry={() => void ranking.refetch()} />}
        {ranking.data?.choices.length === 0 && (
          <p className="rounded-xl border border-dashed border-line-strong/60 p-5 text-center text-ink-soft">
            {t("administration.chooser.none")}
          </p>
        )}
        {ranking.data && ranking.data.choices.length > 0 && (
          <ol className="overflow-hidden rounded-xl border">
            {ranking.data.choices.map((choice, place) => (
              <Ranked key={choice.id} choice={choice} place={place + 1} />
            ))}
          </ol>
        )}
        {ranking.data && (
          <LeftOutModels
            title={t("administration.chooser.leftOut")}
            left={ranking.data.left_out}
            classification={needs.classification}
          />
        )}
      </section>
      <div className="mt-5 flex justify-end">
        <Button onClick={onClose}>{t("administration.close")}</Button>
      </div>
    </Dialog>
  );
}

function Ranked({ choice, place }: { choice: Chosen; place: number }) {
  const { t } = useTranslation();
  const { number, percent } = useFormats();
  return (
    <li className="border-t px-4 py-3 first:border-t-0">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="text-ink-faint tabular-nums">{number(place)}</span>
        <span className="font-medium break-words">{choice.name}</span>
        <span className="ml-auto text-sm text-ink-soft tabular-nums">
          {t("administration.chooser.score", { score: percent(choice.score) })}
        </span>
      </p>
      <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-soft">
        {choice.points.map((point) => (
          <PointLine key={point.about} point={point} />
        ))}
      </ul>
    </li>
  );
}

/** For, against, or not known. */
function PointLine({ point }: { point: Point }) {
  const { t } = useTranslation();
  const side = !point.known ? "unknown" : point.value >= 0.5 ? "for" : "against";
  const Icon = { unknown: CircleQuestionMark, for: CirclePlus, against: CircleMinus }[side];
  const look = { unknown: "text-ink-faint", for: "text-accent", against: "text-warning" }[side];
  return (
    <li title={point.why} className="inline-flex items-center gap-1.5">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${look}`} />
      <span>
        {t(`administration.chooser.about.${point.about}`)}{" "}
        <span className="text-ink-faint">{t(`administration.chooser.sides.${side}`)}</span>
      </span>
    </li>
  );
}
