/** Takes a parameter out of the page's address, leaving no trace in the history. */
export function takeParameter(name: string): string | undefined {
  const url = new URL(location.href);
  const value = url.searchParams.get(name);
  if (value === null) {
    return undefined;
  }
  url.searchParams.delete(name);
  history.replaceState(history.state, "", url);
  return value;
}
