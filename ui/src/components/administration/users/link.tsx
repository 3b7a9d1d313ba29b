import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button";

/** A link that works once; it is shown this once. */
export function InvitationLink({ link }: { link: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  return (
    <div role="status" className="rounded-xl border bg-sunken p-4">
      <p className="text-sm text-ink-soft">{t("administration.users.linkAdvice")}</p>
      <code className="mt-2 block text-sm break-all select-all">{link}</code>
      <Button
        size="small"
        className="mt-3"
        onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
      >
        {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        {t(copied ? "actions.copied" : "actions.copy")}
      </Button>
    </div>
  );
}
