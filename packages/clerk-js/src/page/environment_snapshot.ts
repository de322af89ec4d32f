import type { EnvironmentJson } from "../wire/json.ts";

const NAME = "__clerk_environment";
const DAY = 24 * 60 * 60 * 1000;

type Snapshot = { url: string; savedAt: number; environment: EnvironmentJson };

/** Keeps the settings for a day when the server is out of reach (F §2.3). */
export function saveEnvironment(url: string, environment: EnvironmentJson): void {
  try {
    localStorage.setItem(NAME, JSON.stringify({ url, savedAt: Date.now(), environment } satisfies Snapshot));
  } catch (error) {
    // Storage may be full or forbidden; it is only needed on a bad day.
    console.debug("The instance's settings could not be saved.", error);
  }
}

/** The settings saved within the last day for the same server, if there are any. */
export function savedEnvironment(url: string): EnvironmentJson | undefined {
  try {
    const snapshot = JSON.parse(localStorage.getItem(NAME) ?? "null") as Snapshot | null;
    return snapshot?.url === url && Date.now() - snapshot.savedAt < DAY ? snapshot.environment : undefined;
  } catch (error) {
    console.debug("The saved settings could not be read.", error);
    return undefined;
  }
}
