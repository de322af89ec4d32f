import { useEffect, useRef, useState } from "react";
import { type Form, useForm } from "../form/use_form.ts";
import { addressParameters, takeFromAddress } from "../redirects.ts";
import { useSignInFlow } from "./flow.ts";

/**
 * Presents the ticket of the page's address, such as a sign-in token's (F §9.6): once, and then the address has it no
 * more. The form is busy meanwhile, and says what came of it when that is no sign-in.
 */
export function useTicket(): { readonly form: Form; readonly isPresented: boolean } {
  const { signIn, advance, recover } = useSignInFlow();
  const form = useForm([]);
  const [ticket] = useState(() => addressParameters().get("__clerk_ticket"));
  const [isPresented, setPresented] = useState(ticket !== null);
  const presented = useRef(false);
  useEffect(() => {
    if (ticket === null || presented.current) {
      return;
    }
    presented.current = true;
    takeFromAddress(["__clerk_ticket", "__clerk_status"]);
    void form
      .submit(async () => advance(await signIn.create({ strategy: "ticket", ticket })), recover)
      .then((accepted) => setPresented(accepted));
  });
  return { form, isPresented };
}
