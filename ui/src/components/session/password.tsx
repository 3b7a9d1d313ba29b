import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/button";
import { Field } from "../ui/field";

/** A password that can be shown, so that nobody has to type it twice. */
export function PasswordField(props: ComponentProps<typeof Field>) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...props}
      type={shown ? "text" : "password"}
      autoCapitalize="none"
      spellCheck="false"
      after={
        <Button
          look="quiet"
          size="iconSmall"
          aria-pressed={shown}
          aria-label={t("session.showPassword")}
          className="absolute top-1.5 right-1.5"
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
        </Button>
      }
    />
  );
}
