import { useTranslation } from "react-i18next";
import type { FileHappened, SourceFile } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { useDidName } from "../status";
import { Fingerprint } from "./facts";
import { Part } from "./part";

const OWN = ["indexed", "planted", "seen"] as const;

/** What is recorded of the file, the latest first; and plainly what is not. */
export function FileHistory({ file }: { file: SourceFile }) {
  const { t } = useTranslation();
  const began = file.history.some(({ what }) => what === "new");
  return (
    <Part id="file-history" title={t("file.history")} lead={t("file.historyLead")}>
      <ol className="divide-y border-y">
        {file.history.map((happened) => (
          <Entry key={`${happened.at}/${happened.what}`} happened={happened} />
        ))}
      </ol>
      {!began && <p className="mt-3 text-sm text-ink-faint">{t("file.firstUnknown")}</p>}
    </Part>
  );
}

function Entry({ happened }: { happened: FileHappened }) {
  const { t } = useTranslation();
  const { ago, moment, number } = useFormats();
  const didName = useDidName();
  const own = OWN.find((what) => what === happened.what);
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2.5 text-[0.9375rem]">
      <span className="min-w-40 flex-1 font-medium">
        {own ? t(`file.happened.${own}`) : didName(happened.what)}
      </span>
      <time dateTime={happened.at} title={moment(happened.at)} className="text-ink-soft">
        {ago(happened.at)} · {moment(happened.at)}
      </time>
      <span className="text-sm text-ink-faint">
        {happened.run !== null && t("file.run", { run: number(happened.run) })}
      </span>
      {happened.content_hash && (
        <span className="text-sm text-ink-faint">
          {t("file.content")} <Fingerprint hash={happened.content_hash} />
        </span>
      )}
    </li>
  );
}
