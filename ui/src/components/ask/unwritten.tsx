import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/button";
import type { Exchange } from "./exchanges";

/** A text that needs a model and has none: why, and the very words that one would be asked. */
export function Unwritten({ exchange }: { exchange: Exchange }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const { sentences, outcome } = exchange;
  const [why, ...asked] = sentences.map((sentence) => sentence.text);
  const prompt = asked.join("\n");
  const copy = async () => {
    await navigator.clipboard.writeText(prompt);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <div className="animate-rise rounded-2xl border bg-surface p-5 sm:p-6" lang={outcome?.language}>
      <p className="font-serif text-xl leading-snug font-medium">{t("unwritten.title")}</p>
      <p className="mt-2 text-ink-soft" aria-live="polite">
        {why} {outcome?.problem}
      </p>
      {prompt && (
        <>
          <pre className="mt-4 rounded-xl border bg-sunken p-4 font-sans text-[0.9375rem] break-words whitespace-pre-wrap">
            {prompt}
          </pre>
          <Button size="small" className="mt-3" onClick={() => void copy()}>
            {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
            <span aria-live="polite">{t(copied ? "actions.copied" : "unwritten.copy")}</span>
          </Button>
        </>
      )}
    </div>
  );
}
