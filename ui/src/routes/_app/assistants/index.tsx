import { createFileRoute } from "@tanstack/react-router";
import { GalleryPage } from "@/components/assistants/gallery";

export const Route = createFileRoute("/_app/assistants/")({ component: GalleryPage });
