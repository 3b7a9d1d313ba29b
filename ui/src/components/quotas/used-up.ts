import type { QuotaShare } from "@/api/administration/types";

/** Of those of which nothing is left, the one that is renewed last. */
export function usedUp(shares: readonly QuotaShare[]): QuotaShare | undefined {
  return shares
    .filter(({ used, held, amount }) => used + held >= amount)
    .sort((one, other) => other.renews.localeCompare(one.renews))[0];
}
