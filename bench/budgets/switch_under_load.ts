import { fileURLToPath } from "node:url";
import { bundleFunctions, pushModules } from "@tandem/convex/push";
import { tandemWithAccounts } from "../harness/accounts.ts";
import { SyncClient } from "../harness/sync_client.ts";

const CLIENTS = 20;
const PUSHES = 10;

/** Requests that fail while versions switch under load: mutations, live queries and calls over HTTP. */
export async function switchUnderLoad(): Promise<{ switch_failed_requests: number }> {
  const { tandem, ids } = await tandemWithAccounts(100);
  let failed = 0;
  let done = false;
  const load = async (i: number): Promise<void> => {
    const client = await SyncClient.connect(tandem.backendUrl);
    client.onTransition = (text) => {
      failed += text.includes('"QueryFailed"') ? 1 : 0;
    };
    client.modify([{ type: "Add", queryId: 0, udfPath: "accounts:balance", args: [{ id: ids[i] }] }]);
    while (!done) {
      try {
        await client.mutation("accounts:transfer", { from: ids[i], to: ids[CLIENTS + i], amount: 1 });
        const response = await fetch(`${tandem.backendUrl}/api/query`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ path: "accounts:balance", args: { id: ids[i] } }),
        });
        const { status } = (await response.json()) as { status: string };
        failed += status === "success" ? 0 : 1;
      } catch {
        failed++;
      }
    }
    client.close();
  };
  try {
    const running = Promise.all(Array.from({ length: CLIENTS }, (_, i) => load(i)));
    const app = await bundleFunctions(fileURLToPath(new URL("../transfer/app/", import.meta.url)));
    for (let push = 0; push < PUSHES; push++) {
      const modules = app.modules.map((module) =>
        module.path === "accounts.js" ? { ...module, source: `${module.source}\n// push ${push}\n` } : module,
      );
      await pushModules({ url: tandem.backendUrl, adminKey: tandem.adminKey }, { ...app, modules });
    }
    done = true;
    await running;
    return { switch_failed_requests: failed };
  } finally {
    await tandem.stop();
  }
}
