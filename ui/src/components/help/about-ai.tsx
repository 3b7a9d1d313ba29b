import { useTranslation } from "react-i18next";

const ROWS = ["you", "readers", "public", "feelings"] as const;

/** Who is told what of AI, and where: article 50 of the European regulation, as it stands here. */
export function AboutAi() {
  const { t } = useTranslation("help");
  return (
    <div className="max-w-4xl space-y-8">
      <section>
        <h2 className="font-serif text-2xl font-medium">{t("ai.title")}</h2>
        <p className="mt-2 max-w-prose text-ink-soft">{t("ai.lead")}</p>
        <table className="mt-5 w-full overflow-hidden rounded-2xl border bg-surface text-left text-[0.9375rem] max-sm:block">
          <thead className="max-sm:sr-only">
            <tr className="border-b">
              <th scope="col" className="w-1/5 px-4 py-3 font-semibold">
                {t("ai.who")}
              </th>
              <th scope="col" className="w-2/5 px-4 py-3 font-semibold">
                {t("ai.what")}
              </th>
              <th scope="col" className="px-4 py-3 font-semibold">
                {t("ai.where")}
              </th>
            </tr>
          </thead>
          <tbody className="max-sm:block">
            {ROWS.map((row) => (
              <tr key={row} className="border-b align-top last:border-0 max-sm:block max-sm:p-4">
                <th scope="row" className="px-4 py-3 font-medium max-sm:block max-sm:p-0">
                  {t(`ai.rows.${row}.who`)}
                </th>
                <td className="px-4 py-3 text-ink-soft max-sm:block max-sm:px-0 max-sm:pt-1 max-sm:pb-2">
                  {t(`ai.rows.${row}.what`)}
                </td>
                <td className="px-4 py-3 text-ink-soft max-sm:block max-sm:p-0">
                  {t(`ai.rows.${row}.where`)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {(["kept", "duty"] as const).map((name) => (
        <section key={name}>
          <h2 className="text-lg font-semibold">{t(`ai.${name}`)}</h2>
          <p className="mt-1 max-w-prose text-ink-soft">{t(`ai.${name}Text`)}</p>
        </section>
      ))}
    </div>
  );
}
