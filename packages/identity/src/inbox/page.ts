import { ICON_LINK } from "../http/icon.ts";
import { escapeHtml } from "../mail/texts.ts";

const STYLE = `
:root{color-scheme:light dark;--page:#f7f7f8;--card:#fff;--line:#e3e4e8;--text:#17181c;--soft:#666a75;--accent:#4353ff}
@media(prefers-color-scheme:dark){:root{--page:#101114;--card:#191a1f;--line:#2b2d35;--text:#f0f1f4;--soft:#9a9eaa;--accent:#8f9aff}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:640px;margin:0 auto;padding:48px 20px 96px}
h1{margin:0;font-size:22px;letter-spacing:-.01em}
.about{margin:4px 0 28px;color:var(--soft)}
#state{min-height:1.55em;margin:0 0 12px;color:var(--soft);font-size:13px}
ol{list-style:none;margin:0;padding:0;display:grid;gap:14px}
li,.empty{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px 20px}
.empty{padding:40px 24px;text-align:center;color:var(--soft)}
.empty strong{display:block;color:var(--text);margin-bottom:4px}
.head{display:flex;gap:12px;justify-content:space-between;color:var(--soft);font-size:13px}
.head span{overflow-wrap:anywhere}
h2{margin:4px 0 0;font-size:15px;overflow-wrap:anywhere}
.code{display:flex;align-items:center;gap:14px;margin:14px 0 4px;flex-wrap:wrap}
.code code{font:600 30px/1 ui-monospace,SFMono-Regular,Menlo,monospace;letter-spacing:.14em}
button{font:inherit;font-size:13px;font-weight:600;color:var(--accent);background:none;border:1px solid var(--line);border-radius:8px;padding:6px 12px;cursor:pointer}
button:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
details{margin-top:10px;color:var(--soft);font-size:13px}
summary{cursor:pointer;width:max-content}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:10px 0 0;font:13px/1.6 ui-monospace,SFMono-Regular,Menlo,monospace;color:var(--text)}
`;

// Texts of messages come from people: they are set as text, never as markup.
const SCRIPT = `
const list = document.getElementById("list"), empty = document.getElementById("empty"), state = document.getElementById("state");
const shown = new Map();
const make = (tag, name, text) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
};
function card(message) {
  const item = make("li"), head = make("div", "head");
  head.append(make("span", "", "To " + message.to), make("time", "", new Date(message.created_at).toLocaleTimeString()));
  item.append(head, make("h2", "", message.subject));
  if (message.code !== null) {
    const row = make("div", "code"), copy = make("button", "", "Copy");
    copy.type = "button";
    copy.setAttribute("aria-label", "Copy the code " + message.code);
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(message.code);
        copy.textContent = "Copied";
      } catch {
        copy.textContent = "Not allowed";
      }
      setTimeout(() => { copy.textContent = "Copy"; }, 1500);
    });
    row.append(make("code", "", message.code), copy);
    item.append(row);
  }
  const whole = make("details");
  whole.append(make("summary", "", "Whole message"), make("pre", "", message.text));
  item.append(whole);
  return item;
}
async function update() {
  try {
    const response = await fetch("/inbox/messages", { credentials: "omit" });
    if (!response.ok) throw new Error("The server answered " + response.status + ".");
    const { messages } = await response.json();
    const ids = new Set(messages.map(({ id }) => id));
    for (const [id, element] of shown) if (!ids.has(id)) { element.remove(); shown.delete(id); }
    for (const message of messages.toReversed()) {
      if (shown.has(message.id)) continue;
      const element = card(message);
      shown.set(message.id, element);
      list.prepend(element);
    }
    empty.hidden = messages.length > 0;
    state.textContent = "";
  } catch (error) {
    state.textContent = "The inbox cannot be read at the moment; it tries again. " + error.message;
  }
  setTimeout(update, document.hidden ? 5000 : 1000);
}
update();
`;

/** The page at `/inbox`: the newest message first, looked up every second. */
export function inboxPage(application: string, nonce: string): string {
  const name = escapeHtml(application);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Inbox · ${name}</title>
${ICON_LINK}
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1>Inbox</h1>
<p class="about">Mail that ${name} would have sent. In development it stays on this machine.</p>
<p id="state" role="status"></p>
<div id="empty" class="empty" hidden><strong>No messages yet</strong>When somebody signs up or in, the message with the code comes here.</div>
<ol id="list" aria-live="polite" aria-label="Messages"></ol>
</main>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`;
}
