/** Tells components of one page that one of them changed the address; the browser itself keeps silent about it. */
const changes = new EventTarget();

/** Calls back when the page's address may have changed, by the browser's buttons, by us, or by the app's router. */
export function onAddressChange(callback: () => void): () => void {
  // The Navigation API also hears of what routers push; browsers without it draw anew with the router's page.
  const navigation = (window as { navigation?: EventTarget }).navigation;
  const events: [EventTarget | undefined, string][] = [
    [window, "popstate"],
    [window, "hashchange"],
    [navigation, "currententrychange"],
    [changes, "change"],
  ];
  for (const [target, name] of events) {
    target?.addEventListener(name, callback);
  }
  return () => {
    for (const [target, name] of events) {
      target?.removeEventListener(name, callback);
    }
  };
}

/** To be called after a change of the address. */
export function addressChanged(): void {
  changes.dispatchEvent(new Event("change"));
}
