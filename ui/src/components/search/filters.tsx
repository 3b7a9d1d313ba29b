import { useQuery } from "@tanstack/react-query";
import { ChevronDown, SlidersHorizontal } from "lucide-react";
import { Popover } from "radix-ui";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { FILTER_NAMES, type Filters, filtersQuery } from "@/api/search/queries";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { useFormatName } from "../documents/place";
import { Button } from "../ui/button";
import { inputClasses } from "../ui/field";

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

interface Option {
  value: string;
  label: string;
}

const CONTROL =
  "h-9 w-full rounded-lg border bg-surface px-2 text-sm sm:w-auto sm:max-w-48 data-[on=true]:border-accent " +
  "data-[on=true]:bg-accent-soft data-[on=true]:font-medium data-[on=true]:text-accent border-line-strong/60";

/** What narrows a search. It offers only values that this person's own documents have. */
export function FilterBar({ filters, onChange }: Props) {
  const { t } = useTranslation();
  const { language } = useFormats();
  const formatName = useFormatName();
  const id = useId();
  const [unfolded, setUnfolded] = useState(false);
  const { data } = useQuery(filtersQuery);
  const count = FILTER_NAMES.filter((name) => filters[name]).length;
  const plain = (values: readonly string[] = []): Option[] =>
    values.map((value) => ({ value, label: value }));
  const choices: { name: keyof Filters & string; label: string; options: Option[] }[] = [
    { name: "source", label: t("filters.source"), options: plain(data?.sources) },
    { name: "folder", label: t("filters.folder"), options: plain(data?.folders) },
    {
      name: "format",
      label: t("filters.format"),
      options: (data?.formats ?? []).map((value) => ({ value, label: formatName(value) })),
    },
    {
      name: "language",
      label: t("filters.language"),
      options: (data?.languages ?? []).map((value) => ({
        value,
        label: language(value) ?? t("filters.otherLanguage"),
      })),
    },
    {
      name: "classification",
      label: t("filters.classification"),
      options: (data?.classifications ?? []).map((value) => ({
        value,
        label: `${value} ${t(`classification.${value}`)}`,
      })),
    },
  ];
  const set = (name: keyof Filters, value: string) => onChange({ ...filters, [name]: value || undefined });
  return (
    <div className="mt-3">
      <Button
        look="quiet"
        size="small"
        className="sm:hidden"
        aria-expanded={unfolded}
        aria-controls={id}
        onClick={() => setUnfolded(!unfolded)}
      >
        <SlidersHorizontal aria-hidden="true" />
        {count > 0 ? t("filters.showCount", { count }) : t("filters.show")}
      </Button>
      <div
        id={id}
        className={classes(
          "grid-cols-2 gap-2 max-sm:mt-2 sm:flex sm:flex-wrap sm:items-center",
          unfolded ? "grid" : "hidden",
        )}
      >
        {choices.map(({ name, label, options }) => (
          <select
            key={name}
            aria-label={label}
            value={filters[name] ?? ""}
            data-on={Boolean(filters[name])}
            onChange={(event) => set(name, event.target.value)}
            className={CONTROL}
          >
            <option value="">{label}</option>
            {/* A filter that came with the address stays visible even when no document has it. */}
            {filters[name] && !options.some((option) => option.value === filters[name]) && (
              <option value={filters[name]}>{filters[name]}</option>
            )}
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        ))}
        <DateFilter filters={filters} onChange={onChange} />
        {count > 0 && (
          <Button look="quiet" size="small" onClick={() => onChange({})}>
            {t("filters.clear")}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Two dates behind one button that tells them. */
function DateFilter({ filters, onChange }: Props) {
  const { t } = useTranslation();
  const { date } = useFormats();
  const { modified_from: from, modified_to: to } = filters;
  const told = from && to ? t("filters.between", { from: date(from), to: date(to) }) : null;
  const one = from
    ? t("filters.since", { from: date(from) })
    : to
      ? t("filters.until", { to: date(to) })
      : null;
  return (
    <Popover.Root>
      <Popover.Trigger
        data-on={Boolean(from || to)}
        className={classes(CONTROL, "inline-flex items-center justify-between gap-1.5 sm:max-w-none")}
      >
        {told ?? one ?? t("filters.date")}
        <ChevronDown aria-hidden="true" className="size-3.5" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={12}
          aria-label={t("filters.date")}
          className="z-40 grid animate-rise gap-3 rounded-xl border bg-surface p-4 shadow-lift"
        >
          {(["modified_from", "modified_to"] as const).map((name) => (
            <label key={name} className="grid gap-1 text-sm text-ink-soft">
              {t(`filters.${name}`)}
              <input
                type="date"
                value={filters[name] ?? ""}
                onChange={(event) => onChange({ ...filters, [name]: event.target.value || undefined })}
                className={classes(inputClasses, "min-w-44")}
              />
            </label>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
