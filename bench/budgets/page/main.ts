/** The page of `save_to_page`: shows a live query's result. */
import { ConvexClient } from "@tandem/convex/browser";
import { anyApi } from "@tandem/convex/server";

const client = new ConvexClient(new URLSearchParams(location.search).get("backend")!);
client.onUpdate(anyApi.greeting!.text!, {}, (text: string) => {
  document.body.textContent = text;
});
