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
    size: (bytes: number) => {
      const [unit, divisor] = bytes < 1e3 ? ["byte", 1] : bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
      return new Intl.NumberFormat(language, {
        style: "unit",
        unit: unit as string,
        unitDisplay: "short",
        maximumFractionDigits: 1,
      }).format(bytes / (divisor as number));
    },
    language: (code: string) =>
      code === "simple" ? null : new Intl.DisplayNames(language, { type: "language" }).of(code),
  };
}

/** The person's own variant of the language shown, else the one of Europe. */
function localeOf(language: string): string {
  const own = navigator.languages.find((tag) => tag.startsWith(`${language}-`));
  return own ?? (language === "en" ? "en-GB" : language);
}
