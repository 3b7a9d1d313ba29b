import { useTranslation } from "react-i18next";
import type { LeftOut } from "@/api/administration/types";

interface Props {
  title: string;
  left: LeftOut[];
  classification: "C0" | "C1" | "C2" | "C3";
}

/** The models that would not be asked, and why not. */
export function LeftOutModels({ title, left, classification }: Props) {
  const { t } = useTranslation();
  if (left.length === 0) return null;
  return (
    <div>
      <h3 className="text-sm font-medium">{title}</h3>
      <ul className="mt-1.5 space-y-1 text-sm text-ink-soft">
        {left.map((one) => (
          <li key={one.id} className="break-words">
            <span className="font-medium">{one.name}</span> ·{" "}
            {t(`administration.routing.reasons.${one.reason}`, { class: classification })}
          </li>
        ))}
      </ul>
    </div>
  );
}
