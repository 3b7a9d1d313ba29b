import { type DragEvent, useRef, useState } from "react";

interface Dropping {
  /** Whether files hang over the page. */
  over: boolean;
  handlers: {
    onDragEnter: (event: DragEvent) => void;
    onDragOver: (event: DragEvent) => void;
    onDragLeave: (event: DragEvent) => void;
    onDrop: (event: DragEvent) => void;
  };
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");

/** Files that are dragged over a part of the page and dropped there. */
export function useDropping(onFiles: ((files: File[]) => void) | null): Dropping {
  const [over, setOver] = useState(false);
  // Each element under the pointer is entered and left by itself.
  const depth = useRef(0);
  const taken = (event: DragEvent) => onFiles !== null && hasFiles(event);
  return {
    over,
    handlers: {
      onDragEnter: (event) => {
        if (!taken(event)) return;
        event.preventDefault();
        depth.current += 1;
        setOver(true);
      },
      onDragOver: (event) => {
        if (taken(event)) event.preventDefault();
      },
      onDragLeave: (event) => {
        if (!taken(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) setOver(false);
      },
      onDrop: (event) => {
        depth.current = 0;
        setOver(false);
        if (!taken(event)) return;
        event.preventDefault();
        const files = [...event.dataTransfer.files];
        if (files.length > 0) onFiles?.(files);
      },
    },
  };
}
