import type { Amount } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";
import { type Measure, unitOf } from "./parts";

/** Amounts in words: a number with its unit, or from the lowest to the highest. */
export function useAmounts() {
  const { significant } = useFormats();
  const withUnit = (text: string, unit: string) => (unit ? `${text}\u00a0${unit}` : text);
  return {
    /** In one unit for all, given the highest of them. */
    inUnit: (measure: Measure, highest: number) => {
      const { of, name } = unitOf(measure, highest);
      return {
        unit: name,
        /** Of what is counted in it already. */
        written: (value: number) => withUnit(significant(value), name),
        number: (value: number) => value / of,
      };
    },
    amount: ({ low, high }: Amount, measure: Measure) => {
      const { of, name } = unitOf(measure, high);
      const ends = [...new Set([significant(low / of), significant(high / of)])];
      return withUnit(ends.join("\u00a0– "), name);
    },
  };
}
