import { useTranslation } from "react-i18next";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Keys } from "./keys";

/** The shortcuts over any page; fetched when it is first asked for. */
export default function KeySheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("help");
  return (
    <Dialog open onClose={onClose} title={t("keys.title")}>
      <Keys compact />
      <div className="mt-6 flex justify-end">
        <Button onClick={onClose}>{t("keys.close")}</Button>
      </div>
    </Dialog>
  );
}
