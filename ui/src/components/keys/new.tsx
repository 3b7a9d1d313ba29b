import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, Copy } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { apiKeyKeys, createKey, SCOPES } from "@/api/keys/queries";
import type { Scope } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field, inputClasses } from "../ui/field";

const LIFETIMES = [30, 90, 365] as const;

/** Makes a key, and shows it this once. */
export function NewKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const id = useId();
  const [label, setLabel] = useState("");
  const [days, setDays] = useState<number>(90);
  const [scopes, setScopes] = useState<Scope[]>(["search", "ask", "documents"]);
  const create = useMutation({
    mutationFn: () => createKey({ label: label.trim(), scopes, expires_in_days: days }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: apiKeyKeys.list }),
  });
  if (create.data) return <Secret secret={create.data.secret} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={t("keys.create")} description={t("keys.createLead")}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Field
          label={t("keys.label")}
          hint={t("keys.labelHint")}
          value={label}
          required
          maxLength={200}
          onChange={(event) => setLabel(event.target.value)}
        />
        <fieldset>
          <legend className="mb-1.5 text-sm font-medium">{t("keys.scopes")}</legend>
          <div className="grid grid-cols-2 gap-x-4">
            {SCOPES.map((scope) => (
              <label key={scope} className="flex min-h-8 items-center gap-2.5">
                <input
                  type="checkbox"
                  className="size-[1.125rem] accent-accent"
                  checked={scopes.includes(scope)}
                  onChange={(event) =>
                    setScopes(
                      event.target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope),
                    )
                  }
                />
                {t(`scopes.${scope}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <div>
          <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
            {t("keys.lifetime")}
          </label>
          <select
            id={id}
            className={inputClasses}
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
          >
            {LIFETIMES.map((count) => (
              <option key={count} value={count}>
                {t("keys.days", { count })}
              </option>
            ))}
          </select>
        </div>
        {create.isError && <ProblemNotice error={create.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={create.isPending || label.trim() === "" || scopes.length === 0}
          >
            {t("keys.create")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  return (
    <Dialog open onClose={onClose} title={t("keys.made")} description={t("keys.madeAdvice")}>
      <code className="block rounded-lg border bg-sunken p-3 text-[0.9375rem] break-all select-all">
        {secret}
      </code>
      <div className="mt-5 flex justify-end gap-2">
        <Button
          onClick={() => {
            void navigator.clipboard.writeText(secret).then(() => setCopied(true));
          }}
        >
          {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
          <span aria-live="polite">{t(copied ? "actions.copied" : "actions.copy")}</span>
        </Button>
        <Button look="primary" onClick={onClose}>
          {t("keys.kept")}
        </Button>
      </div>
    </Dialog>
  );
}
