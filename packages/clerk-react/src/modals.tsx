import type { ModalKind, SignInProps, SignUpProps, UserProfileProps } from "@tandem/clerk-js";
import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { useClerkContext } from "./clerk_context.ts";

type ModalProps = SignInProps | SignUpProps | UserProfileProps;
type OpenModal = {
  kind: ModalKind;
  props: ModalProps;
  Host: ComponentType<{ kind: ModalKind; props: ModalProps; onClose: () => void }>;
};

/** Shows the modal that was opened last. Its code is fetched when the first one opens. */
export function Modals(): ReactNode {
  const { clerk, resources } = useClerkContext("<ClerkProvider>");
  const [open, setOpen] = useState<OpenModal | null>(null);
  useEffect(() => {
    // A modal that is closed before its code has come must not open after all.
    let wanted: object | undefined;
    const detach = clerk.attachUi({
      open: (kind, props) => {
        const request = {};
        wanted = request;
        import("./ui/modal_host.tsx").then(
          ({ ModalHost }) => {
            if (wanted === request) {
              setOpen({ kind, props, Host: ModalHost as OpenModal["Host"] });
            }
          },
          (error) => console.error("The code of the modal could not be fetched.", error),
        );
      },
      close: (kind) => {
        wanted = undefined;
        setOpen((current) => (current?.kind === kind ? null : current));
      },
    });
    return () => {
      wanted = undefined;
      detach();
    };
  }, [clerk]);
  if (open === null || resources === undefined) {
    return null;
  }
  const { Host, kind, props } = open;
  return <Host kind={kind} props={props} onClose={() => setOpen(null)} />;
}
