import { useTranslation } from "react-i18next";
import { CHECKS, GUARD_ACTIONS } from "@/api/administration/policies";
import type { GuardAction, GuardPolicy, Sensitivity } from "@/api/administration/types";
import { Choice, Field } from "../../ui/field";

const MODES = ["default", "own", "off"] as const;
type Mode = (typeof MODES)[number];

const FIRST: Sensitivity = { at: 0.5, action: "block", doubt_at: null, in_doubt: "warn" };

interface Props {
  name: string;
  policy: GuardPolicy;
  onChange: (more: Partial<GuardPolicy>) => void;
}

/** A check: as it is by default, off, or as this policy says. */
export function CheckRow({ name, policy, onChange }: Props) {
  const { t } = useTranslation();
  const own = policy.checks?.[name];
  const mode: Mode = policy.off.includes(name) ? "off" : own ? "own" : "default";
  const known = CHECKS.find((each) => each === name);
  const label = known ? t(`administration.guardrails.names.${known}`) : name;
  const choose = (wanted: Mode) => {
    const { [name]: _, ...others } = policy.checks ?? {};
    onChange({
      off: [...policy.off.filter((each) => each !== name), ...(wanted === "off" ? [name] : [])],
      checks: wanted === "own" ? { ...others, [name]: own ?? FIRST } : others,
    });
  };
  const set = (more: Partial<Sensitivity>) =>
    onChange({ checks: { ...policy.checks, [name]: { ...FIRST, ...own, ...more } } });
  return (
    <li className="border-t px-4 py-4 first:border-t-0">
      <div className="grid items-end gap-4 sm:grid-cols-2">
        <div className="self-center">
          <p className="font-medium">{label}</p>
          {known && <p className="text-sm text-ink-soft">{t(`administration.guardrails.finds.${known}`)}</p>}
        </div>
        <Choice
          label={t("administration.guardrails.howOf", { name: label })}
          value={mode}
          options={MODES.map((value) => [value, t(`administration.guardrails.modes.${value}`)] as const)}
          onChoose={choose}
        />
      </div>
      {own && mode === "own" && (
        <div className="mt-4 grid gap-4 sm:grid-cols-2">
          <Score
            label={t("administration.guardrails.at")}
            value={own.at}
            onChange={(at) => set({ at: at ?? 0.5 })}
          />
          <Act
            label={t("administration.guardrails.action")}
            value={own.action}
            onChoose={(action) => set({ action })}
          />
          <Score
            label={t("administration.guardrails.doubtAt")}
            hint={t("administration.guardrails.doubtHint")}
            value={own.doubt_at ?? null}
            onChange={(doubt_at) => set({ doubt_at })}
          />
          <Act
            label={t("administration.guardrails.inDoubt")}
            value={own.in_doubt}
            onChoose={(in_doubt) => set({ in_doubt })}
          />
        </div>
      )}
    </li>
  );
}

interface ScoreProps {
  label: string;
  hint?: string;
  value: number | null;
  onChange: (value: number | null) => void;
}

function Score({ label, hint, value, onChange }: ScoreProps) {
  return (
    <Field
      label={label}
      {...(hint && { hint })}
      type="number"
      min={0}
      max={1}
      step={0.05}
      value={value ?? ""}
      onChange={(event) =>
        onChange(event.target.value === "" ? null : Math.min(1, Math.max(0, Number(event.target.value))))
      }
    />
  );
}

function Act({
  label,
  value,
  onChoose,
}: {
  label: string;
  value: GuardAction;
  onChoose: (value: GuardAction) => void;
}) {
  const { t } = useTranslation();
  return (
    <Choice
      label={label}
      value={value}
      options={GUARD_ACTIONS.map((action) => {
        const name = action === "hand-over" ? "hand_over" : action;
        return [action, t(`administration.guardrails.acts.${name}`)] as const;
      })}
      onChoose={onChoose}
    />
  );
}
