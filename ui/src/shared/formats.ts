import { useTranslation } from "react-i18next";

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** Dates, numbers and sizes as the chosen language writes them. */
export function useFormats() {
  const { i18n } = useTranslation();
  const language = localeOf(i18n.language);
  return {
    date: (iso: string) => new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(iso)),
    /** A day of the calendar, the same wherever one is, on one line. */
    day: (iso: string) =>
      new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" })
        .format(new Date(iso))
        .replaceAll(" ", "\u00a0"),
    moment: (iso: string) =>
      new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso)),
    ago: (iso: string, now = Date.now()) => {
      const seconds = (new Date(iso).getTime() - now) / 1000;
      const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
      for (const [unit, length] of UNITS) {
        if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
      }
      return format.format(0, "minute");
    },
    number: (value: number) => new Intl.NumberFormat(language).format(value),
    /** A number that says no more than can be known: three figures. */
    significant: (value: number) =>
      new Intl.NumberFormat(language, { maximumSignificantDigits: value >= 1000 ? 21 : 3 }).format(
        value >= 1000 ? Math.round(value) : value,
      ),
    /** A month of the calendar, such as 2026-11. */
    month: (name: string, length: "short" | "long") =>
      new Intl.DateTimeFormat(language, {
        month: length,
        ...(length === "long" && { year: "numeric" }),
        timeZone: "UTC",
      }).format(new Date(`${name}-01T00:00:00Z`)),
    /** A day of the calendar without its year. */
    dayOfMonth: (name: string) =>
      new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" }).format(
        new Date(`${name}T00:00:00Z`),
      ),
    /** A part of one. */
    percent: (value: number) =>
      new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(value),
    size: (bytes: number) => {
      const [unit, divisor] =
        bytes < 1e3
          ? ["byte", 1]
          : bytes < 1e6
            ? ["kilobyte", 1e3]
            : bytes < 1e9
              ? ["megabyte", 1e6]
              : ["gigabyte", 1e9];
      return new Intl.NumberFormat(language, {
        style: "unit",
        unit: unit as string,
        unitDisplay: "short",
        maximumFractionDigits: 1,
      }).format(bytes / (divisor as number));
    },
    /** A length of time, to the unit that a person would say. */
    length: (seconds: number) => {
      const [unit, length] = lengthUnit(seconds);
      return unitFormat(language, unit, "long").format(Math.max(1, Math.round(seconds / length)));
    },
    /** How long the machine took. */
    took: (milliseconds: number) =>
      milliseconds < 1000
        ? unitFormat(language, "millisecond", "short").format(milliseconds)
        : unitFormat(language, "second", "short").format(milliseconds / 1000),
    language: (code: string) =>
      code === "simple" ? null : new Intl.DisplayNames(language, { type: "language" }).of(code),
  };
}

function lengthUnit(seconds: number): [string, number] {
  if (seconds < 90) return ["second", 1];
  if (seconds < 5_400) return ["minute", 60];
  return seconds < 172_800 ? ["hour", 3_600] : ["day", 86_400];
}

const unitFormat = (language: string, unit: string, unitDisplay: "long" | "short") =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 });

/** The person's own variant of the language shown, else the one of Europe. */
function localeOf(language: string): string {
  const own = navigator.languages.find((tag) => tag.startsWith(`${language}-`));
  return own ?? (language === "en" ? "en-GB" : language);
}
