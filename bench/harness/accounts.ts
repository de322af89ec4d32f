import { SyncClient } from "./sync_client.ts";
import { pushApp, startTandem, type TandemProcess } from "./tandem.ts";

const PER_MUTATION = 2000;

/** A running program with the accounts app of `transfer` and so many accounts; answers their ids too. */
export async function tandemWithAccounts(
  count: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ tandem: TandemProcess; ids: string[] }> {
  const tandem = await startTandem(undefined, environment);
  await pushApp(tandem, new URL("../transfer/app/", import.meta.url));
  const client = await SyncClient.connect(tandem.backendUrl);
  const ids: string[] = [];
  for (let from = 0; from < count; from += PER_MUTATION) {
    const opened = await client.mutation("accounts:open", {
      from,
      count: Math.min(PER_MUTATION, count - from),
    });
    ids.push(...(opened as string[]));
  }
  client.close();
  return { tandem, ids };
}
